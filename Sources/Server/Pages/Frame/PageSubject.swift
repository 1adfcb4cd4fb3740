import Application
import Domain
import Foundation
import Synchronization

/// What a page turns out to be about, while its handler finds that out: one place, so that no page of a demo can forget to say that it is one.
final class PageSubject: Sendable {
  private let demo = Mutex(false)
  private let supported = Mutex<UUID?>(nil)
  private let ends = Mutex<[Instant]>([])

  /// Whether what it shows is made up.
  var isDemo: Bool { demo.withLock { $0 } }

  /// The account whose tier has priority support; nil: none that it is about.
  var supportedAccount: UUID? { supported.withLock { $0 } }

  /// When what an account has been granted ends, and its pages show so.
  var moments: [Instant] { ends.withLock { $0 } }

  /// The page shows something of this account, as it is at a time.
  func holds(_ account: ListedAccount, at now: Instant) {
    if let end = account.granted.until { ends.withLock { $0.append(end) } }
    if account.isDemo {
      demo.withLock { $0 = true }
    } else if account.tier(at: now).has(.prioritySupport) {
      supported.withLock { $0 = account.id }
    }
  }
}
