import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension LinkFilters {
  /// Of those that there are, by the API's names.
  init(_ value: (TrafficFilterName) throws -> String?) rethrows {
    self.init()
    for name in TrafficFilterName.allCases {
      if let text = try value(name), !text.isEmpty { self[name] = text }
    }
  }

  subscript(_ name: TrafficFilterName) -> String? {
    get { self[keyPath: Self.member(name)] }
    set { self[keyPath: Self.member(name)] = newValue }
  }

  private static func member(_ name: TrafficFilterName) -> WritableKeyPath<LinkFilters, String?> {
    switch name {
    case .endpoint: \.endpoint
    case .template: \.template
    case .path: \.path
    case .method: \.method
    case .status: \.status
    case .key: \.keyID
    case .consumer: \.consumer
    case .release: \.release
    case .atLeast: \.minMs
    case .atMost: \.maxMs
    }
  }

  /// As an address of pages has them.
  var byName: [TrafficFilterName: String] {
    TrafficFilterName.allCases.reduce(into: [:]) { $0[$1] = self[$1] }
  }

  /// Throws the problem of one that no question about traffic takes: it is read as the API reads it.
  func check(_ context: RecountContext) throws {
    let place = Place.landing.with(TrafficFilterName.allCases.map { ($0.rawValue, self[$0]) })
    let head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: place.path)
    let request = Request(head: head, body: RequestBody(buffer: ByteBuffer()))
    _ = try RequestFilter(Call(operation: .summary, request: request, context: context))
  }
}
