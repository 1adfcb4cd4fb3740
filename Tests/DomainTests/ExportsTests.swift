import Domain
import Foundation
import Testing

@Suite struct ExportsTests {
  private let exported = DataExported(accountID: UUID(), userID: UUID(), format: .csv)

  @Test func eachExportIsRecordedHoweverManyThereWere() {
    var exports = Exports()
    for _ in 0..<2 {
      let events = exports.decide(.export(exported))
      #expect(events == [.exported(exported)])
      events.forEach { exports.evolve($0) }
    }
  }

  @Test func anExportReadsBackAsItWasWritten() throws {
    let text = try JSONEncoder().encode(exported)
    let back = try JSONDecoder().decode(DataExported.self, from: text)
    #expect(Exports.Event(back) == .exported(exported))
    #expect(Exports.Event.exported(exported).data as? DataExported == exported)
  }
}
