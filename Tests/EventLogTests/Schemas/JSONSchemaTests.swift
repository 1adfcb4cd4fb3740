import Domain
import Foundation
import Testing

@testable import EventLog

/// The keywords of JSON Schema 2020-12 that the event schemas use.
@Suite struct JSONSchemaTests {
  private static func matches(_ schema: String, _ value: String) throws -> Bool {
    let keywords = try JSONDecoder().decode(SchemaKeywords.self, from: Data(schema.utf8))
    let compiled = try JSONSchema(keywords)
    return Array(value.utf8).withUnsafeBufferPointer { value in
      var json = JSONScanner(value)
      do throws(JSONSyntaxError) { return try compiled.matches(&json) } catch { return false }
    }
  }

  @Test(arguments: [
    (
      #"{"type": "integer"}"#, ["1", "-7", "1.0", "100000000000000000000"],
      ["1.5", "\"1\"", "true", "null", "[]", "{}"]
    ),
    (#"{"type": "number"}"#, ["1", "1.5", "-0.25"], ["\"1\"", "false"]),
    (#"{"type": "string"}"#, ["\"\"", "\"a\""], ["1", "null"]),
    (#"{"type": "null"}"#, ["null"], ["0", "false", "\"null\""]),
    (#"{"type": "boolean"}"#, ["true", "false"], ["null", "0", "\"true\""]),
    (#"{"minimum": 100, "maximum": 599}"#, ["100", "599", "100.5", "\"no number\""], ["99", "600", "599.001"]),
    (#"{"minLength": 1, "maxLength": 2}"#, ["\"a\"", "\"é€\"", "\"\\\"\\\\\"", "7"], ["\"\"", "\"abc\""]),
    (#"{"enum": ["GET", "PUT"]}"#, ["\"GET\"", "\"\\u0047ET\""], ["\"get\"", "\"GETS\"", "1"]),
    (#"{"const": 80}"#, ["80", "80.0"], ["81", "\"80\"", "true"]),
    (#"{"pattern": "^/"}"#, ["\"/\"", "\"/a\"", "\"\\/a\"", "1"], ["\"\"", "\"a/\""]),
    (#"{"pattern": "^[0-9a-f]{4}$"}"#, ["\"00ff\""], ["\"00f\"", "\"00FF\"", "\"00ff\\n\"", "\"x00ff\""]),
    (
      #"{"format": "uuid"}"#, ["\"01980000-0000-7000-8000-00000000000A\"", "1"],
      ["\"01980000-0000-7000-8000-00000000000\"", "\"01980000000070008000000000000001aaaa\""]
    ),
    (
      #"{"type": "object", "properties": {"a": {"type": "integer"}, "bb": {}}, "required": ["a"], "additionalProperties": false}"#,
      [#"{"a": 1}"#, #"{"bb": {"x": [1, "]"]}, "a": 2}"#], ["{}", #"{"bb": 1}"#, #"{"a": 1, "c": 2}"#, #"{"a": "1"}"#]
    ),
    (
      #"{"items": {"enum": ["x", "y"]}, "minItems": 1, "uniqueItems": true}"#, [#"["x"]"#, #"["y", "x"]"#, "1"],
      ["[]", #"["z"]"#, #"["x", "x"]"#]
    ),
    (
      #"{"properties": {"a": {}, "b": {}}, "anyOf": [{"properties": {"a": {"minimum": 1}}}, {"properties": {"b": {"minimum": 1}}}]}"#,
      [#"{"a": 1, "b": 0}"#, #"{"a": 0, "b": 1}"#], [#"{"a": 0, "b": 0}"#]
    ),
    (#"{"anyOf": [{"type": "integer"}, {"type": "null"}]}"#, ["1", "null"], ["\"1\""]),
  ]) func aKeywordTakesWhatTheStandardTakes(schema: String, right: [String], wrong: [String]) throws {
    for value in right { #expect(try Self.matches(schema, value), "\(schema) takes \(value)") }
    for value in wrong { #expect(try !Self.matches(schema, value), "\(schema) refuses \(value)") }
  }

  @Test(arguments: [#"{"oneOf": []}"#, #"{"format": "email"}"#, #"{"required": ["a"]}"#, #"{"pattern": "("}"#])
  func aSchemaThatIsNotWhollyUnderstoodIsRefused(schema: String) {
    #expect(throws: (any Error).self) { try Self.matches(schema, "1") }
  }

  @Test(arguments: ["", "[", "{\"a\"", "\"a", "{\"a\": }", "tru", "-", "{\"a\": 1]"]) func whatIsNoJSONMatchesNothing(
    text: String
  ) throws {
    #expect(try !Self.matches("{}", text))
  }

  /// Every published schema is one that verification can check by.
  @Test func allPublishedSchemasAreUnderstood() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "EventSchemas")
    let schemas = try EventSchemas(folder: folder)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
    #expect(!files.isEmpty)
    for file in files {
      let match = try #require(file.wholeMatch(of: /([a-z_]+)\.v(\d+)\.json/), "\(file)")
      let name = EventSchemas.Name(type: String(match.1), version: try #require(Int(match.2)))
      #expect(try schemas.schema(of: name) != nil, "\(file)")
    }
  }
}
