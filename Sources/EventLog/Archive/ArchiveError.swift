import Foundation

/// What is wrong with an archive, or why a month can't be archived.
package enum ArchiveError: Error, Equatable, CustomStringConvertible {
  /// A reader was not told where the archive lies.
  case noFolder(month: String)
  /// A file is not where it should be, or can't be opened.
  case missing(month: String, path: String, reason: String)
  /// A file is not what it was when its month left the database.
  case altered(month: String, path: String, reason: String)
  /// A file just written does not hold together: the disk, or the month in the database, is faulty.
  case unfaithful(month: String, path: String, reason: String)
  /// A file can't be written.
  case unwritable(path: String, doing: String, reason: String)
  /// The month's folder holds another log's archive.
  case foreign(month: String, path: String)
  /// Another archiver is at work on this database.
  case busy
  /// The database keeps the month, for this reason.
  case refused(reason: String)

  /// Says what to do.
  package var description: String {
    switch self {
    case .noFolder(let month):
      "month \(month) of the log has been archived: set RECOUNT_ARCHIVE to the folder that holds it"
    case .missing(let month, let path, let reason):
      "month \(month) of the log is archived in \(path), which can't be read (\(reason)): put the file back from a copy, or set "
        + "RECOUNT_ARCHIVE to the folder that holds it; serving and newer months are not affected"
    case .altered(let month, let path, let reason):
      "month \(month) of the log is archived in \(path), which was changed or damaged since (\(reason)): put the file back "
        + "from a copy; serving and newer months are not affected"
    case .unfaithful(let month, let path, let reason):
      "month \(month) stays in the database: \(path) was written and read back, and \(reason): run `recount audit verify`; if "
        + "that finds nothing, mistrust the disk"
    case .unwritable(let path, let doing, let reason):
      "could not \(doing) \(path): \(reason); nothing has left the database: make room or mend it, then run it again"
    case .foreign(let month, let path):
      "\(path) holds month \(month) of another log: set RECOUNT_ARCHIVE to a folder of this log's own"
    case .busy: "another `recount archive` is at work on this database: wait for it"
    case .refused(let reason): reason
    }
  }
}

/// The last system call's complaint.
func systemReason() -> String { String(cString: strerror(errno)) }
