/// One statement and its parameters. In a literal, `\(value)` becomes a bind parameter, never text.
package struct Query: Sendable, Hashable {
  /// The text, with `$1`, `$2`, … for the parameters.
  package var sql: String
  /// The parameters in their order.
  package var parameters: [Parameter]

  /// A statement whose text names its parameters `$1`, `$2`, …, such as that of a .sql file.
  package init(_ sql: String, _ parameters: [any PostgresEncodable] = []) {
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
  package init(stringLiteral sql: String) { self.init(sql) }

  /// A statement with a parameter for each interpolated value.
  package init(stringInterpolation: StringInterpolation) {
    sql = stringInterpolation.sql
    parameters = stringInterpolation.parameters
  }

  /// Collects text and parameters.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var sql = ""
    fileprivate var parameters: [Parameter] = []

    /// Reserves room.
    package init(literalCapacity: Int, interpolationCount: Int) {
      sql.reserveCapacity(literalCapacity + interpolationCount * 3)
      parameters.reserveCapacity(interpolationCount)
    }

    /// Text of the statement.
    package mutating func appendLiteral(_ literal: String) { sql += literal }

    /// A bind parameter.
    package mutating func appendInterpolation(_ value: some PostgresEncodable) {
      parameters.append(value.parameter)
      sql += "$\(parameters.count)"
    }

    /// A name of a table, column or channel, quoted.
    package mutating func appendInterpolation(identifier: String) { sql += Query.quote(identifier: identifier) }

    /// Text that becomes part of the statement as it is. Never of foreign origin.
    package mutating func appendInterpolation(unescaped text: String) { sql += text }
  }
}
