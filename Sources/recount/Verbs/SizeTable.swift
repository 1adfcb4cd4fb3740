import EventLog
import Foundation

/// Months of the log in lines for people.
struct SizeTable {
  private let months: [MonthSize]

  init(_ months: [MonthSize]) { self.months = months }

  func show() {
    guard !months.isEmpty else { return }
    Terminal.say("                             bytes per event in the")
    Terminal.say("month    where           events  database   archive   as text  database : archive")
    for month in months { Terminal.say("\(line(month))") }
  }

  private func line(_ month: MonthSize) -> String {
    [
      month.month, month.isArchived ? "archive " : "database", String(month.events).leftPadded(to: 12),
      perEvent(month.databaseBytes, month).leftPadded(to: 8), perEvent(month.archiveBytes, month).leftPadded(to: 8),
      perEvent(month.textBytes, month).leftPadded(to: 8), ratio(month).leftPadded(to: 18),
    ].joined(separator: "  ")
  }

  private func perEvent(_ bytes: Int64?, _ month: MonthSize) -> String {
    guard let bytes, month.events > 0 else { return "-" }
    return String(format: "%.1f", Double(bytes) / Double(month.events))
  }

  private func ratio(_ month: MonthSize) -> String {
    guard let archive = month.archiveBytes, archive > 0 else { return "-" }
    return String(format: "%.1f : 1", Double(month.databaseBytes) / Double(archive))
  }
}

extension String {
  fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
