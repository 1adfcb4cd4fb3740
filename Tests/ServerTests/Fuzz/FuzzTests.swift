import Foundation
import TestDatabase
import Testing

/// Every parser, and everything that is reckoned from what it reads, on inputs made to hit the ends of ranges. A trap ends the process, and so
/// the test run: there is nothing to expect but to come back.
///
/// `RECOUNT_FUZZ_INPUTS` sets how many inputs (a million by default), `RECOUNT_FUZZ_SEED` from which seed.
@Suite struct FuzzTests {
  private static let environment = ProcessInfo.processInfo.environment
  private static let inputs = environment["RECOUNT_FUZZ_INPUTS"].flatMap { Int($0) } ?? 1_000_000
  private static let seed = environment["RECOUNT_FUZZ_SEED"].flatMap { UInt64($0) } ?? 2026

  @Test(.timeLimit(.whatHangs)) func nothingThatAnyoneSendsEndsTheProcess() async {
    let targets = Target.ofDomain + Target.ofStoredFacts + Target.ofLogFiles + Target.ofServer + Target.ofImporter
    let (inputs, seed) = (Self.inputs, Self.seed)
    let workers = ProcessInfo.processInfo.activeProcessorCount
    let read = await withTaskGroup(of: Int.self) { group in
      for worker in 0..<workers {
        group.addTask {
          var fuzzer = Fuzzer(seed: seed &+ UInt64(worker))
          var read = 0
          for index in stride(from: worker, to: inputs, by: workers) {
            let target = targets[(index / workers) % targets.count]
            target.read(fuzzer.input(from: target.seeds), &fuzzer)
            read += 1
            // Other tests' deadlines run meanwhile, on the same few threads.
            if read % 64 == 0 { await Task.yield() }
          }
          return read
        }
      }
      return await group.reduce(0, +)
    }
    #expect(read == inputs)
  }
}
