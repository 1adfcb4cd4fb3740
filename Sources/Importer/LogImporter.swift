package import RecountClient

/// Sends an access log to a Recount server so that each of its requests is counted once, whatever happens on the way:
/// 1. a first pass over the file finds its identity (``Survey``), and its latest event where timestamps are to be shifted;
/// 2. the memory of this import is found, or begun and written to disk before anything is sent (``ImportMemory``);
/// 3. a second pass reads lines (``LineReader``) into events (``LogFormat``), reporting those that can't be read;
/// 4. events are cut into batches at places that are always the same, with ids that are always the same (``BatchID``);
/// 5. a few batches are in flight at a time, each sent until it is answered (``RecountClient/RecountClient``);
/// 6. answers are added up, and the first batch without one is remembered as the place to resume at.
package struct LogImporter: Sendable {
  private let options: ImportOptions
  private let report: @Sendable (ImportNotice) -> Void

  /// An importer.
  /// - Parameter report: told of what a person wants to see meanwhile, from any thread
  package init(_ options: ImportOptions, report: @escaping @Sendable (ImportNotice) -> Void = { _ in }) {
    self.options = options
    self.report = report
  }

  /// Sends the log and returns what became of it, once every batch is answered.
  /// - Throws: ``ImportError``, or `RecountError` for a client configuration that can't work.
  package func run() async throws -> ImportSummary {
    try await run(timing: .real)
  }

  package func run(timing: Timing) async throws -> ImportSummary {
    try options.check()
    var configuration = options.client
    let report = report
    configuration.onRetry = { report(.retrying($0)) }
    let client = try RecountClient(configuration, timing: timing)
    let (memory, identity, byteCount) = try await remember()
    var run = ImportRun(
      options: options, client: client, identity: identity, byteCount: byteCount, memory: memory, report: report)
    let outcome: Result<ImportSummary, any Error>
    do { outcome = .success(try await run.sendAll()) } catch { outcome = .failure(error) }
    try await client.shutdown()
    return try outcome.get()
  }

  /// Steps 1 and 2. Nothing is remembered of a stream that can't be read twice: its ids derive from its content.
  private func remember() async throws -> (ImportMemory, ImportIdentity?, byteCount: Int64?) {
    guard case .file(let path) = options.source else {
      let identity = ImportIdentity(contentHash: "stream", options: options)
      let id = options.newIDs ? UUIDv7.make() : BatchID.importID(of: identity)
      return (ImportMemory(importID: id, rebaseMilliseconds: 0, batchSize: options.batchSize), nil, nil)
    }
    let format = options.rebase == .none ? nil : options.format.format(defaultResponseTime: options.defaultResponseTime)
    let survey = try await Survey.take(path, latestBy: format)
    let identity = ImportIdentity(contentHash: survey.contentHash, options: options)
    let store = MemoryStore(folder: options.stateFolder)
    let known = options.newIDs ? nil : try store.load(identity)
    var memory = resume(known) ?? begin(survey)
    if known == nil, !options.newIDs {
      memory = try store.saveFirst(memory, identity)
    } else {
      try store.save(memory, identity)
    }
    return (memory, identity, survey.byteCount)
  }

  private func resume(_ known: ImportMemory?) -> ImportMemory? {
    guard var memory = known else { return nil }
    if memory.batchSize != options.batchSize { report(.keepsBatchSize(memory.batchSize)) }
    if memory.sendsAll != true { report(.keepsMembers) }
    if memory.isComplete || memory.place.pass >= options.passes {
      memory.place = .init()
      memory.isComplete = false
      report(.sendsAgain)
    } else if memory.place > .init() {
      report(.resumes(pass: memory.place.pass, batch: memory.place.batch))
    }
    return memory
  }

  private func begin(_ survey: Survey) -> ImportMemory {
    let target: Timestamp? =
      switch options.rebase {
      case .none: nil
      case .now: .now
      case .to(let moment): moment
      }
    var shift: Int64 = 0
    if let target, let latest = survey.latest { shift = target.milliseconds - latest.milliseconds }
    return ImportMemory(importID: UUIDv7.make(), rebaseMilliseconds: shift, batchSize: options.batchSize)
  }
}
