import RecountClient

/// Steps 3 to 6 of an ``LogImporter``: one run from the place to resume at to the end of the log.
struct ImportRun {
  let options: ImportOptions
  let client: RecountClient
  /// `nil` for a stream, of which nothing is remembered.
  let identity: ImportIdentity?
  let byteCount: Int64?
  private(set) var memory: ImportMemory
  let report: @Sendable (ImportNotice) -> Void
  /// Where this run begins: batches before it were answered in an earlier one.
  private let start: ImportMemory.Place
  private let began = ContinuousClock.now
  private var summary = ImportSummary()
  private var inFlight: Set<ImportMemory.Place> = []
  private var failure: RecountError?
  private var lastSaved = ContinuousClock.now

  init(
    options: ImportOptions, client: RecountClient, identity: ImportIdentity?, byteCount: Int64?, memory: ImportMemory,
    report: @escaping @Sendable (ImportNotice) -> Void
  ) {
    (self.options, self.client, self.identity, self.byteCount) = (options, client, identity, byteCount)
    (self.memory, self.report, start) = (memory, report, memory.place)
  }

  private typealias Answer = (batch: NumberedBatch, outcome: Result<TrackReceipt, RecountError>)
  private typealias AnswerGroup = ThrowingTaskGroup<Answer, any Error>

  mutating func sendAll() async throws -> ImportSummary {
    try await withThrowingTaskGroup(of: Answer.self) { group in
      for pass in 0..<options.passes where failure == nil { try await send(pass, in: &group) }
      while let answer = try await group.next() { try settle(answer) }
    }
    memory.isComplete = failure == nil
    try save()
    summary.elapsedSeconds = (ContinuousClock.now - began) / .seconds(1)
    if let failure { throw ImportError.undelivered(failure, summary) }
    return summary
  }

  private mutating func send(_ pass: Int, in group: inout AnswerGroup) async throws {
    let before = summary
    var batches = try batches(of: pass)
    while failure == nil, let next = try await batches.next() {
      summary.lines = before.lines + batches.lineCount
      summary.unreadable = before.unreadable + batches.unreadableCount
      guard next.place >= start else {
        summary.answeredEarlier += next.batch.events.count
        continue
      }
      try await makeRoom(in: &group)
      launch(next, in: &group)
      report(.progress(progress(pass, batches.bytesRead)))
    }
    summary.lines = before.lines + batches.lineCount
    summary.unreadable = before.unreadable + batches.unreadableCount
  }

  private func batches(of pass: Int) throws -> Batcher {
    let chunks = try ChunkReader(options.source)
    let report = report
    let events = EventReader(
      LineReader { try await chunks.next() },
      format: options.format.format(defaultResponseTime: options.defaultResponseTime),
      onUnreadable: { if pass == 0 { report(.unreadable(line: $0, reason: $1)) } })
    return Batcher(events, pass: pass, memory: memory, idsFromContent: identity == nil)
  }

  private mutating func makeRoom(in group: inout AnswerGroup) async throws {
    guard inFlight.count >= options.concurrency, let answer = try await group.next() else { return }
    try settle(answer)
  }

  private mutating func launch(_ next: NumberedBatch, in group: inout AnswerGroup) {
    // A batch that failed stays in `inFlight`: it is where the next run resumes.
    guard failure == nil else { return }
    inFlight.insert(next.place)
    memory.place = inFlight.min() ?? next.place
    let client = client
    group.addTask {
      do throws(RecountError) { return (next, .success(try await client.send(next.batch))) } catch {
        return (next, .failure(error))
      }
    }
  }

  private mutating func settle(_ answer: Answer) throws {
    switch answer.outcome {
    case .failure(let error): failure = failure ?? error
    case .success(let receipt):
      inFlight.remove(answer.batch.place)
      summary.add(receipt, events: answer.batch.batch.events.count)
      explain(receipt, of: answer.batch)
      // Often enough that a crash costs a second of sending again, seldom enough not to wait for the disk.
      if ContinuousClock.now - lastSaved > .seconds(1) { try save() }
    }
  }

  private func explain(_ receipt: TrackReceipt, of batch: NumberedBatch) {
    for result in receipt.results where ["invalid", "conflict"].contains(result.outcome) {
      guard batch.lines.indices.contains(result.index) else { continue }
      report(.notCounted(line: batch.lines[result.index], reason: result.detail ?? result.outcome))
    }
  }

  private mutating func save() throws(ImportError) {
    guard let identity else { return }
    if let first = inFlight.min() { memory.place = first }
    try MemoryStore(folder: options.stateFolder).save(memory, identity)
    lastSaved = .now
  }

  private func progress(_ pass: Int, _ bytesRead: Int64) -> ImportProgress {
    let copies = byteCount.map { Double(pass) + Double(bytesRead) / Double(max($0, 1)) }
    return ImportProgress(
      summary: summary, elapsed: ContinuousClock.now - began, fraction: copies.map { $0 / Double(options.passes) })
  }
}
