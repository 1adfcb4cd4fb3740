import Foundation
import RecountClient
import Testing

@testable import Importer

@Suite struct BatchIDTests {
  private let ids = BatchID(importID: UUIDv7.make())

  @Test func thePlaceDecidesTheID() {
    #expect(ids.id(at: .init(pass: 0, batch: 1)) == ids.id(at: .init(pass: 0, batch: 1)))
    let places = (0..<10).flatMap { pass in (0..<10).map { ImportMemory.Position(pass: pass, batch: $0) } }
    #expect(Set(places.map { ids.id(at: $0) }).count == 100)
    #expect(BatchID(importID: UUIDv7.make()).id(at: .init()) != ids.id(at: .init()))
  }

  @Test func idsOfOneImportLieTogetherAndAreOfVersion8() {
    let text = ids.id(at: .init(pass: 3, batch: 9)).uuidString
    #expect(text.prefix(13) == ids.importID.uuidString.prefix(13))
    #expect(text.dropFirst(14).first == "8")
    #expect("89AB".contains(text[text.index(text.startIndex, offsetBy: 19)]))
  }

  @Test func ofAStreamTheEventsDecideToo() {
    let event = TrackEvent(
      endpoint: "/a", method: "GET", statusCode: 200, responseTime: .zero, timestamp: Timestamp(milliseconds: 0))
    var other = event
    other.statusCode = 404
    #expect(ids.id(at: .init(), of: [event]) == ids.id(at: .init(), of: [event]))
    #expect(ids.id(at: .init(), of: [event]) != ids.id(at: .init(), of: [other]))
  }
}
