import Glibc

/// How many files, sockets among them, this process may have open.
package enum FileLimit {
  /// More than any machine of ours needs; some systems set no limit worth the name, and then libraries reserve a table by it.
  private static let most: rlim_t = 1 << 20

  /// Raises the limit as far as the process may, which is what the hard limit is for: the soft one is kept low for programs that
  /// use select(2). Returns what it is then.
  @discardableResult package static func raise() -> Int {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard getrlimit(resource, &limit) == 0 else { return 1_024 }
    let wanted = min(limit.rlim_max, most)
    if limit.rlim_cur < wanted {
      var raised = rlimit(rlim_cur: wanted, rlim_max: limit.rlim_max)
      if setrlimit(resource, &raised) == 0 { return Int(wanted) }
    }
    return Int(min(limit.rlim_cur, most))
  }
}
