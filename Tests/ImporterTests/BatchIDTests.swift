import Foundation
import RecountClient
import Testing

@testable import Importer

@Suite struct BatchIDTests {
  private let ids = BatchID(importID: UUIDv7.make())

  @Test func thePlaceDecidesTheID() {
    #expect(ids.id(at: .init(pass: 0, batch: 1)) == ids.id(at: .init(pass: 0, batch: 1)))
    let places = (0..<10).flatMap { pass in (0..<10).map { ImportMemory.Place(pass: pass, batch: $0) } }
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
    // What older releases did not read does not count: a stream that they sent is recognised, whatever is read of it today.
    var fuller = event
    (fuller.responseTime, fuller.responseBytes, fuller.consumer) = (nil, 17, "acme")
    #expect(ids.id(at: .init(), of: [event]) == ids.id(at: .init(), of: [fuller]))
  }

  @Test func idsStayWhatTheyWereSoThatAnImportBegunEarlierGoesOn() throws {
    let ids = BatchID(importID: try #require(UUID(uuidString: "01975BCD-0000-7000-8000-00000000000C")))
    #expect(ids.id(at: .init(pass: 2, batch: 7)).uuidString == "01975BCD-0000-8490-BCC0-9F15B8FC3CE4")
    let options = ImportOptions(
      source: .standardInput, format: .combined,
      client: RecountClient.Configuration(url: try #require(URL(string: "http://localhost")), key: "rk_test"),
      stateFolder: URL(filePath: "/"))
    let importID = BatchID.importID(of: ImportIdentity(contentHash: "", options: options))
    #expect(importID.uuidString == "CD3F9F7D-985B-8160-B71F-A475B7D26CCC")
    let event = TrackEvent(
      endpoint: "/a", method: "GET", statusCode: 200, timestamp: Timestamp(milliseconds: 0), responseBytes: 1)
    #expect(ids.id(at: .init(), of: [event]).uuidString == "01975BCD-0000-82C7-9E93-4888E506A541")
  }
}
