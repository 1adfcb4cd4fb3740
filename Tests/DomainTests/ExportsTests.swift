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
}
