import Foundation
import Importer
import RecountClient

extension Import {
  /// The options as the importer takes them, with what the environment gives for those that were left out.
  func options() throws -> ImportOptions {
    let environment = ProcessInfo.processInfo.environment
    guard let format = LogFormatName(rawValue: format) else {
      let names = LogFormatName.allCases.map(\.rawValue).joined(separator: ", ")
      throw ImportError.usage("--format is \(format): allowed are \(names)")
    }
    let folder = try state.map { URL(filePath: $0) } ?? Settings().data.appending(path: "imports")
    var options = ImportOptions(
      source: ImportSource(log), format: format, client: try client(environment), stateFolder: folder)
    guard let rebase = Rebase(rebase) else {
      throw ImportError.usage("--rebase is \(rebase): allowed are none, now, or a time such as 2026-11-24T10:00:00Z")
    }
    options.rebase = rebase
    options.defaultResponseTime = try time()
    options.batchSize = batchSize
    options.concurrency = concurrency
    options.passes = passes
    options.newIDs = newIDs
    return options
  }

  private func time() throws(ImportError) -> ResponseTime? {
    guard let text = defaultResponseTime else { return nil }
    guard let time = ResponseTime(milliseconds: text), time >= .zero else {
      throw ImportError.usage("--default-response-time-ms is \(text): give milliseconds, 0 or more")
    }
    return time
  }

  private func client(_ environment: [String: String]) throws -> RecountClient.Configuration {
    let address = url ?? environment["RECOUNT_URL"] ?? "http://127.0.0.1:8080"
    guard let url = URL(string: address) else {
      throw ImportError.usage("--url is \(address): write http(s)://host:port")
    }
    guard let key = key ?? environment["RECOUNT_KEY"] else {
      throw ImportError.usage("no api key: give --key sk_live_… or set RECOUNT_KEY")
    }
    guard patience >= 0 else { throw ImportError.usage("--patience is \(patience): allowed are 0 seconds or more") }
    var configuration = RecountClient.Configuration(url: url, key: key)
    configuration.retry.patience = .seconds(patience)
    return configuration
  }
}
