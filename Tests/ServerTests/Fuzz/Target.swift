import Foundation

/// Something that reads what others wrote.
struct Target: Sendable {
  let name: String
  /// What it takes, which inputs are made from.
  let seeds: [[UInt8]]
  /// Whatever it makes of an input is right, as long as it comes back.
  let read: @Sendable ([UInt8], inout Fuzzer) -> Void

  init(_ name: String, _ seeds: [[UInt8]], _ read: @escaping @Sendable ([UInt8], inout Fuzzer) -> Void) {
    self.name = name
    self.seeds = seeds
    self.read = read
  }

  init(_ name: String, _ seeds: [String], text read: @escaping @Sendable (String) -> Void) {
    self.init(name, seeds.map { Array($0.utf8) }) { bytes, _ in read(String(decoding: bytes, as: UTF8.self)) }
  }
}
