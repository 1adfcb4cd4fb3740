import Configuration
import EventLog
import Foundation

extension Settings {
  /// The keys that checkpoints and statements are signed with, drawn where there are none yet. They bear the name of the public
  /// address at that moment and keep it, wherever the server moves.
  func signingKeys(
    environment: ConfigReader = ConfigReader(provider: EnvironmentVariablesProvider())
  ) throws -> SigningKeys {
    let file =
      environment.string(forKey: "recount.signing.key").map { URL(filePath: $0) }
      ?? data.appending(path: "signing.key")
    let address = environment.string(forKey: "recount.public.url").flatMap { URL(string: $0) }
    let host = address?.host().map { host in address?.port.map { "\(host):\($0)" } ?? host } ?? "localhost"
    do {
      return try SigningKeys(file: file, drawnFor: "\(host)/recount")
    } catch let error as NoteError {
      throw SettingError(
        key: "RECOUNT_SIGNING_KEY", found: "\(file.path), where a line is \(error)", allowed: "the file that was drawn")
    }
  }
}
