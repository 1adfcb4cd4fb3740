package import RecountClient

/// What a person wants to know while an import runs.
package enum ImportNotice: Sendable {
  /// The import was begun with this batch size and keeps it, for its ids depend on where batches end.
  case keepsBatchSize(Int)
  /// An older release began the import, which goes on with the members that it sent.
  case keepsMembers
  /// An earlier run was interrupted; batches before this one, counted from 0, had been answered.
  case resumes(pass: Int, batch: Int)
  /// All of it was sent before, and is sent again under the same ids.
  case sendsAgain
  /// A line, counted from 1, that can't be read.
  case unreadable(line: Int, reason: LineError)
  /// A line whose event the server did not count because something is wrong with it.
  case notCounted(line: Int, reason: String)
  /// A batch was not answered and is sent again after a wait.
  case retrying(RetryNotice)
  /// How far it has come.
  case progress(ImportProgress)
}

/// How far an import has come.
package struct ImportProgress: Sendable {
  /// What became of the events so far.
  package var summary: ImportSummary
  /// Time since sending began.
  package var elapsed: Duration
  /// 0…1 of the log; `nil` when its size is not known.
  package var fraction: Double?

  var seconds: Double { max(elapsed / .seconds(1), 0.001) }
  var linesPerSecond: Double { Double(summary.lines) / seconds }

  /// Seconds that are left at the pace so far.
  var secondsLeft: Double? {
    guard let fraction, fraction > 0 else { return nil }
    return seconds / fraction * (1 - fraction)
  }
}
