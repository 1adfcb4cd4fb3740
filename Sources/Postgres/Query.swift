/// One statement and its parameters. In a literal, `\(value)` becomes a bind parameter, never text.
public struct Query: Sendable, Hashable {
  /// The text, with `$1`, `$2`, … for the parameters.
  public var sql: String
  /// The parameters in their order.
  public var parameters: [Parameter]

  /// A statement whose text names its parameters `$1`, `$2`, …, such as that of a .sql file.
  public init(_ sql: String, _ parameters: [any PostgresEncodable] = []) {
    self.sql = sql
    self.parameters = parameters.map(\.parameter)
  }

  /// A name as SQL takes it whatever it holds.
  static func quote(identifier: String) -> String {
    var quoted = "\""
    for character in identifier.unicodeScalars {
      quoted.unicodeScalars.append(character)
      if character == "\"" { quoted += "\"" }
    }
    return quoted + "\""
  }
}

extension Query: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  /// A statement without parameters.
  public init(stringLiteral sql: String) { self.init(sql) }

  /// A statement with a parameter for each interpolated value.
  public init(stringInterpolation: StringInterpolation) {
    sql = stringInterpolation.sql
    parameters = stringInterpolation.parameters
  }

  /// Collects text and parameters.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var sql = ""
    fileprivate var parameters: [Parameter] = []

    /// Reserves room.
    public init(literalCapacity: Int, interpolationCount: Int) {
      sql.reserveCapacity(literalCapacity + interpolationCount * 3)
      parameters.reserveCapacity(interpolationCount)
    }

    /// Text of the statement.
    public mutating func appendLiteral(_ literal: String) { sql += literal }

    /// A bind parameter.
    public mutating func appendInterpolation(_ value: some PostgresEncodable) {
      parameters.append(value.parameter)
      sql += "$\(parameters.count)"
    }

    /// A name of a table, column or channel, quoted.
    public mutating func appendInterpolation(identifier: String) { sql += Query.quote(identifier: identifier) }

    /// Text that becomes part of the statement as it is. Never of foreign origin.
    public mutating func appendInterpolation(unescaped text: String) { sql += text }
  }
}
