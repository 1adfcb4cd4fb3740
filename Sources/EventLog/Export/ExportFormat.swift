/// What an export writes.
package enum ExportFormat: String, Sendable, CaseIterable {
  /// A JSON line per batch with the text that its hash covers: what `tools/verify_log.py` reads.
  case batches
  /// A CloudEvents 1.0 JSON line per event.
  case cloudevents
  /// A row of RFC 4180 per tracked request.
  case csv

  /// The first line, in the formats that have one. Its columns are those of `SQL/objects/export/export_csv.sql`.
  var header: String? {
    guard self == .csv else { return nil }
    return "shard,position,account,project,key,mode,month,timestamp,method,endpoint,template,status_code,"
      + "response_time_ms,recorded_at\r"
  }
}
