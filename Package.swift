// swift-tools-version: 6.2
import PackageDescription

// Set by .ci/run. Not always: a newer compiler knows warnings that this code was never held against, and must still build it.
let warningsAreErrors: [SwiftSetting] =
  Context.environment["RECOUNT_WARNINGS_ARE_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)]

let strict: [SwiftSetting] =
  [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + warningsAreErrors

let package = Package(
  name: "Recount",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "recount", targets: ["recount"]),
    .library(name: "RecountClient", targets: ["RecountClient"]),
  ],
  dependencies: [
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
  ],
  targets: [
    // In order of dependency: each target sees only those above it that it names.
    .systemLibrary(
      name: "CLibPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CLZ4", pkgConfig: "liblz4", providers: [.apt(["liblz4-dev"])]),
    .systemLibrary(
      name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
    .systemLibrary(
      name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    // Without pkg-config: Debian's file names a flag that SwiftPM warns of, and nothing else that is needed.
    .systemLibrary(
      name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
    .target(
      name: "Postgres",
      dependencies: [
        "CLibPQ", .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .target(name: "Domain", swiftSettings: strict),
    .target(
      name: "EventLog",
      dependencies: [
        "CLZ4", "Domain", "Postgres",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "OrderedCollections", package: "swift-collections"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: [.copy("SQL")],
      swiftSettings: strict),
    .target(
      name: "Projector",
      dependencies: [
        "Domain", "EventLog", "Postgres",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: [.copy("Recounts"), .copy("SQL")],
      swiftSettings: strict),
    .target(
      name: "Application",
      dependencies: [
        "CArgon2", "CCurl", "CHiredis", "Domain", "EventLog", "Postgres",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "DequeModule", package: "swift-collections"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: [.copy("Lua"), .copy("MailTemplates"), .copy("Passwords"), .copy("SQL")],
      swiftSettings: strict),
    .target(
      name: "Server",
      dependencies: [
        "Application", "CZlib", "Domain", "EventLog", "Postgres",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: [.copy("Pages/Templates"), .copy("Pages/Assets")],
      swiftSettings: strict),
    .target(
      name: "RecountClient",
      dependencies: [
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .target(
      name: "Importer",
      dependencies: ["Domain", "RecountClient", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: strict),
    .executableTarget(
      name: "recount",
      dependencies: [
        "Application", "Domain", "EventLog", "Importer", "Postgres", "Projector", "RecountClient", "Server",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),

    .target(
      name: "TestDatabase",
      dependencies: ["Domain", "EventLog", "Postgres", .product(name: "Logging", package: "swift-log")],
      path: "Tests/TestDatabase", exclude: ["Releases"], swiftSettings: strict),
    .target(
      name: "LoopbackServer",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      path: "Tests/LoopbackServer", swiftSettings: strict),
    .target(
      name: "MailServer", path: "Tests/MailServer", exclude: ["mail_server.py"], swiftSettings: strict),
    .testTarget(
      name: "RecountClientTests", dependencies: ["LoopbackServer", "RecountClient"], swiftSettings: strict),
    .testTarget(
      name: "ImporterTests", dependencies: ["Importer", "LoopbackServer", "RecountClient"], swiftSettings: strict),
    .testTarget(name: "DomainTests", dependencies: ["Domain", "TestDatabase"], swiftSettings: strict),
    .testTarget(
      name: "PostgresTests",
      dependencies: ["Postgres", "TestDatabase", .product(name: "Logging", package: "swift-log")],
      swiftSettings: strict),
    .testTarget(
      name: "ApplicationTests",
      dependencies: [
        "Application", "Domain", "EventLog", "Postgres", "Projector", "TestDatabase",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ServerTests",
      dependencies: [
        "Application", "CZlib", "Domain", "EventLog", "Importer", "LoopbackServer", "MailServer", "Postgres",
        "Projector",
        "RecountClient",
        "Server", "TestDatabase",
        .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "CoreMetrics", package: "swift-metrics"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTesting", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "MetricsTestKit", package: "swift-metrics"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "Application", "Domain", "EventLog", "MailServer", "Postgres", "Server", "TestDatabase", "recount",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ProjectorTests",
      dependencies: [
        "Domain", "EventLog", "Postgres", "Projector", "TestDatabase", .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EventLogTests",
      dependencies: [
        "Domain", "EventLog", "Postgres", "TestDatabase", .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: strict),
  ]
)
