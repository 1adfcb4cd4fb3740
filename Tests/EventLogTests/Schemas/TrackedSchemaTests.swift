import Domain
import Foundation
import Testing

/// The contract of the log and what is taken in are written down apart, and say the same.
@Suite struct TrackedSchemaTests {
  private static let kind = EventKind.requestTracked

  @Test func theSchemaOfTrackedRequestsHasTheMembersThatAreStoredAndTheirLimits() throws {
    let schema = try SchemaFile(type: Self.kind.type, version: Self.kind.version)
    let stored = TrackField.allCases.map(\.member).filter(\.isStored)
    #expect(Set(schema.properties.keys) == Set(stored.map(\.name) + ["template"]))
    #expect(schema.required == Set(stored.filter(\.isRequired).map(\.name) + ["template"]))
    for member in stored {
      let property = try #require(schema.properties[member.name])
      #expect(property["description"] is String, "\(member.name)")
      switch member.value {
      case .text(let lengths, _):
        #expect(property["type"] as? String == "string", "\(member.name)")
        #expect(property["minLength"] as? Int == lengths.lowerBound, "\(member.name)")
        #expect(property["maxLength"] as? Int == lengths.upperBound, "\(member.name)")
      case .label(let most):
        #expect(property["type"] as? String == "string", "\(member.name)")
        #expect(property["minLength"] as? Int == 1, "\(member.name)")
        #expect(property["maxLength"] as? Int == most, "\(member.name)")
      case .integer(let range):
        #expect(property["type"] as? String == "integer", "\(member.name)")
        #expect(property["minimum"] as? Int == range.lowerBound, "\(member.name)")
        #expect(property["maximum"] as? Int == range.upperBound, "\(member.name)")
      case .number(let most):
        #expect(property["type"] as? String == "number", "\(member.name)")
        #expect(property["minimum"] as? Int == 0, "\(member.name)")
        #expect(property["maximum"] as? Int == most, "\(member.name)")
      // Milliseconds in the log.
      case .time: #expect(property["type"] as? String == "integer", "\(member.name)")
      case .uuid: #expect(property["type"] as? String == "string", "\(member.name)")
      case .sender, .events: Issue.record("\(member.name)")
      }
    }
  }

  @Test func eachMemberOfASchemaStandsInASampleAndIsMissingInOneWhereItMay() throws {
    for (name, samples) in Dictionary(grouping: SampleEvent.all, by: \.testDescription) {
      let schema = try SchemaFile(type: samples[0].type, version: samples[0].version)
      let members = try samples.map { sample in
        let json = try JSONSerialization.jsonObject(with: Data(sample.json.utf8))
        return Set(try #require(json as? [String: Any]).keys)
      }
      let all = Set(schema.properties.keys)
      #expect(members.reduce([]) { $0.union($1) } == all, "\(name)")
      #expect(members.reduce(all) { $0.intersection($1) } == schema.required, "\(name)")
    }
  }
}

/// A schema as it stands in its file.
private struct SchemaFile {
  let properties: [String: [String: Any]]
  let required: Set<String>

  init(type: String, version: Int) throws {
    let file = URL(filePath: #filePath).appending(path: "../../../../EventSchemas/\(type).v\(version).json")
    let json = try JSONSerialization.jsonObject(with: Data(contentsOf: file.standardizedFileURL))
    let members = try #require(json as? [String: Any])
    properties = try #require(members["properties"] as? [String: [String: Any]])
    required = Set(members["required"] as? [String] ?? [])
  }
}
