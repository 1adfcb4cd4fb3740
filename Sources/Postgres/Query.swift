/// A statement and its parameters. In an interpolated literal each `\(value)` becomes a bind parameter, never text.
public struct Query: Sendable, ExpressibleByStringInterpolation {
  /// The statement with `$1`, `$2`, …
  public let sql: String
  let parameters: [Parameter]

  /// The text of a statement that names its parameters `$1`, `$2`, …
  public init(_ sql: String, _ parameters: [any PostgresEncodable] = []) {
    self.sql = sql
    self.parameters = parameters.map(\.parameter)
  }

  /// A statement without parameters.
  public init(stringLiteral value: String) { self.init(value) }

  /// A statement whose interpolated values are bound.
  public init(stringInterpolation: StringInterpolation) {
    sql = stringInterpolation.sql
    parameters = stringInterpolation.parameters
  }

  /// Collects text and values.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var sql = ""
    fileprivate var parameters: [Parameter] = []

    /// Reserves room.
    public init(literalCapacity: Int, interpolationCount: Int) {
      sql.reserveCapacity(literalCapacity + interpolationCount * 3)
    }

    /// Text of the statement.
    public mutating func appendLiteral(_ literal: String) { sql += literal }

    /// A value to be bound.
    public mutating func appendInterpolation(_ value: some PostgresEncodable) {
      parameters.append(value.parameter)
      sql += "$\(parameters.count)"
    }
  }
}
