import Domain
import HTTPTypes

/// OpenAPI 3.1 of what is served, made of the operations themselves.
struct OpenAPIDocument {
  let operations: [Operation]

  var json: JSONValue {
    .object([
      "openapi": "3.1.0", "info": .object(Self.info), "servers": .array([.object(["url": "/"])]), "tags": tags,
      "paths": paths, "components": .object(components),
    ])
  }

  private static let info: [String: JSONValue] = [
    "title": "Recount", "version": "1", "summary": "API analytics and metering that can prove its numbers",
    "description": """
    Errors are problem documents (RFC 9457) whose `type` is stable. Times are RFC 3339 in UTC. Every response carries X-Request-Id. \
    Beside what stands with each operation, any request may be answered 400 `malformed-request`, 408 `request-timeout`, 431 \
    `headers-too-large` or 501 `not-implemented` when it is no HTTP, comes too slowly or asks for what there isn't, and 503 \
    `overloaded` when too many bodies are being read; the connection ends with that answer. An empty query parameter counts as not \
    given; one that an operation does not have is refused.
    """,
  ]

  private var tags: JSONValue {
    .array(
      Operation.Tag.allCases.map { .object(["name": .string($0.rawValue), "description": .string($0.note)]) })
  }

  private var paths: JSONValue {
    var paths: [String: [String: JSONValue]] = [:]
    for operation in operations {
      paths[operation.path, default: [:]][operation.method.rawValue.lowercased()] = operation.described
    }
    return .object(paths.mapValues { .object($0) })
  }

  private var components: [String: JSONValue] {
    var schemas = Self.schemas
    var responses: [String: JSONValue] = [:]
    for operation in operations {
      schemas.merge(operation.components) { $1 }
      for response in operation.refusals { responses[response.name] = response.json }
    }
    return [
      "securitySchemes": .object(Self.securitySchemes), "headers": .object(Self.headers),
      "schemas": .object(schemas.mapValues(\.json)), "responses": .object(responses),
    ]
  }

  private static let securitySchemes: [String: JSONValue] = [
    "key": .object([
      "type": "http", "scheme": "bearer", "description": "A project's API key, `sk_live_…` or `sk_test_…`.",
    ]),
    "access_token": .object([
      "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
      "description": "What logging in answers: of a person, for a quarter of an hour.",
    ]),
  ]

  private static let schemas: [String: Schema] = ["Problem": Problem.schema]

  private static let headers: [String: JSONValue] = [
    "RequestId": header("The same in the problem document and in the server's log."),
    "Location": header("Where it is from now on."),
    "RateLimit": header(
      "`\"month\";r=` events left, `t=` seconds to the next month; `\"requests\";r=` calls or `\"bytes\";r=` bytes of bodies that the "
        + "key, or its account where that has less left, may send at once, `t=` seconds until it is as many as can be: the tighter of "
        + "both, or both when throttled (draft-ietf-httpapi-ratelimit-headers)."),
    "RateLimitPolicy": header(
      "`\"month\";q=` events a month; `\"requests\";q=` calls and `\"bytes\";q=` bytes of bodies that a key may send in `w=` seconds."
    ),
    "ETag": header("Of what was answered: sent back as If-None-Match, it is answered 304 while that has not changed."),
    "Link": header("Where more about this problem stands."),
  ]

  private static func header(_ note: String) -> JSONValue {
    .object(["schema": Schema.string.json, "description": .string(note)])
  }
}

extension Operation {
  fileprivate var components: [String: Schema] {
    guard case .other(_, let components) = body else { return answer.components }
    return answer.components.merging(components) { $1 }
  }

  fileprivate var described: JSONValue {
    var members: [String: JSONValue] = [
      "operationId": .string(id), "tags": .array([.string(tag.rawValue)]), "summary": .string(title),
      "description": .string(note), "security": security, "responses": responses,
    ]
    let parameters = pathParameters + queryParameters + headerParameters
    if !parameters.isEmpty { members["parameters"] = .array(parameters) }
    switch body {
    case .object(let body): members["requestBody"] = Self.content(body.schema, isRequired: body.isRequired)
    case .other(let schema, _): members["requestBody"] = Self.content(schema, isRequired: true)
    case nil: break
    }
    return .object(members)
  }

  private static func content(_ schema: Schema, isRequired: Bool) -> JSONValue {
    .object([
      "required": .bool(isRequired),
      "content": .object(["application/json": .object(["schema": schema.json])]),
    ])
  }

  private var security: JSONValue {
    let names: [String?] =
      switch right {
      case .nobody: []
      case .person, .member: ["access_token"]
      // Or in the body, where the document knows no security.
      case .key: ["key", nil]
      case .memberOrKey: ["key", "access_token"]
      }
    return .array(names.map { name in .object(name.map { [$0: .array([])] } ?? [:]) })
  }

  private var pathParameters: [JSONValue] {
    path.matches(of: /\{(\w+)\}/).map { match in
      let name = String(match.output.1)
      return .object([
        "name": .string(name), "in": "path", "required": true, "schema": Self.schema(ofPathParameter: name).json,
      ])
    }
  }

  private static func schema(ofPathParameter name: String) -> Schema {
    switch name {
    case "shard": .integer(0...Int(Int32.max))
    case "position": .integer(1...Int.max)
    case "month": Parameter.month.schema
    case "kind": .words(of: Problem.Kind.self)
    case "invoice_id": .pattern(InvoiceID.pattern)
    default: .uuid
    }
  }

  private var queryParameters: [JSONValue] {
    query.all.map { parameter in
      var members: [String: JSONValue] = [
        "name": .string(parameter.name), "in": "query", "schema": parameter.schema.json,
      ]
      if parameter.isRequired { members["required"] = true }
      members["description"] = parameter.note.map { .string($0) }
      return .object(members)
    }
  }

  private var headerParameters: [JSONValue] {
    guard isIdempotent else { return [] }
    return [
      .object([
        "name": "Idempotency-Key", "in": "header", "schema": Schema.text(1...255, pattern: "^[ -~]+$").json,
        "description":
          "Any text of your own, such as a UUID. The same request again under the same key creates nothing a second time.",
      ])
    ]
  }

  private var responses: JSONValue {
    var headers: [String: JSONValue] = ["X-Request-Id": Self.reference("headers", "RequestId")]
    for (name, component) in answer.headers { headers[name] = Self.reference("headers", component) }
    var success: [String: JSONValue] = ["description": .string(answer.note), "headers": .object(headers)]
    if !answer.content.isEmpty {
      success["content"] = .object(answer.content.mapValues { .object(["schema": $0.json]) })
    }
    var responses: [String: JSONValue] = [String(answer.status.code): .object(success)]
    for refusal in refusals {
      responses[String(refusal.status.code)] = Self.reference("responses", refusal.name)
    }
    return .object(responses)
  }

  private static func reference(_ kind: String, _ name: String) -> JSONValue {
    .object(["$ref": .string("#/components/\(kind)/\(name)")])
  }

  /// The problems that it may answer, by status.
  fileprivate var refusals: [Refusal] {
    Dictionary(grouping: kinds, by: \.status.code).values.map { Refusal($0) }
  }
}

/// The problems of one status that an operation may answer: a component, since many have the same.
private struct Refusal {
  let status: HTTPResponse.Status
  let kinds: [Problem.Kind]

  init(_ kinds: [Problem.Kind]) {
    self.kinds = kinds.sorted { $0.rawValue < $1.rawValue }
    status = kinds.first?.status ?? .internalServerError
  }

  var name: String { kinds.map(\.rawValue).joined(separator: ".") }

  var json: JSONValue {
    var headers: [String: JSONValue] = [
      "X-Request-Id": .object(["$ref": "#/components/headers/RequestId"]),
      "Link": .object(["$ref": "#/components/headers/Link"]),
    ]
    if [.tooManyRequests, .serviceUnavailable].contains(status) {
      headers["Retry-After"] = .object([
        "schema": Schema.integer.json, "description": "Seconds after which to try again, where that is known.",
      ])
    }
    let types = Schema.words(kinds.map(\.type))
    return .object([
      "description": .string(kinds.map { "\($0.title) (`\($0.rawValue)`)." }.joined(separator: " ")),
      "headers": .object(headers),
      "content": .object([
        "application/problem+json": .object([
          "schema": .object([
            "allOf": .array([
              Schema.component("Problem").json, .object(["properties": .object(["type": types.json])]),
            ])
          ])
        ])
      ]),
    ])
  }
}

extension Problem {
  /// What a problem document holds, as JSON Schema says it.
  fileprivate static let schema: Schema = {
    let fault = Schema([
      "type": "object", "required": .array(["found", "allowed"]),
      "properties": .object(["field": Schema.string.json, "found": Schema.string.json, "allowed": Schema.string.json]),
    ])
    return Schema([
      "type": "object", "required": .array(["type", "title", "status", "detail", "request_id"]),
      "properties": .object([
        "type": Schema.format("uri").json, "title": Schema.string.json, "status": Schema.integer.json,
        "detail": Schema.string.json, "request_id": Schema.string.json, "field": Schema.string.json,
        "found": Schema.string.json, "allowed": Schema.string.json,
        "errors": Schema.array(of: fault).described(
          "Each fault of an event, where it has more than the one that `field` names."
        ).json,
      ]),
    ])
  }()
}
