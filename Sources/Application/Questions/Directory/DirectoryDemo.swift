import Domain
import Foundation

extension Questions {
  /// The project of this installation's demo; nil where there is none, or where it was removed. Throws ``ReadModelMissing``.
  package func demo() async throws -> Answered<ListedProject>? {
    for number in 0..<DemoIDs.most {
      let ids = DemoIDs(number: number)
      guard let account = try await account(ids.account)?.value.account else { return nil }
      if account.closedAt == nil { return try await project(ids.project, of: ids.account) }
    }
    return nil
  }
}
