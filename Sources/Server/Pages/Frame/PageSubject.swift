import Application
import Synchronization

/// What a page turns out to be about, while its handler finds that out: one place, so that no page of a demo can forget to say that it is one.
final class PageSubject: Sendable {
  private let demo = Mutex(false)

  /// Whether what it shows is made up.
  var isDemo: Bool { demo.withLock { $0 } }

  /// The page shows something of this account.
  func holds(_ account: ListedAccount) {
    if account.isDemo { demo.withLock { $0 = true } }
  }
}
