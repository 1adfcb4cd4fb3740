import Foundation
package import Postgres

extension Schema {
  /// What the servers keep to do their work, beside the log: throttles, what reactors have done, what the schedule has run. Not facts,
  /// so not in the log: without it nothing that is shown changes, at worst a mail is sent again.
  package static func operations() throws -> Schema {
    try Schema(name: "operations", folder: Bundle.module.url(forResource: "SQL", withExtension: nil))
  }
}
