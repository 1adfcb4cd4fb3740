import Domain
import EventLog
import Foundation

/// A cut's requests as one series has them: by block and label, before a row is touched.
struct SeriesFold: Sendable {
  /// A request, as far as a cell asks.
  struct Sample: Sendable {
    /// The cell's place in its block.
    let place: Int
    let status: Int
    /// Nanoseconds; nil without one.
    let time: Int64?
  }

  /// The requests of a label in a block.
  struct Group: Sendable {
    let block: Int
    let label: Int
    var samples: [Sample]
  }

  private struct GroupKey: Hashable {
    let block: Int
    let label: Int
  }

  let series: Series
  private(set) var blocks: [RequestBlock] = []
  private(set) var labels: [[UInt8]] = []
  /// In the order in which each was first called.
  private(set) var groups: [Group] = []

  private var blockPlaces: [RequestBlock: Int] = [:]
  private var labelPlaces: [LabelBytes: Int] = [:]
  private var groupPlaces: [GroupKey: Int] = [:]
  /// Where the next label is written, so that only a new one costs memory.
  private var scratch: [UInt8] = []

  init(_ series: Series) { self.series = series }

  /// Counts a request. `key` is the text of its key's id.
  mutating func add(_ request: borrowing StoredRequest, of scope: RequestScope, key: [UInt8]) {
    guard write(labelOf: request, key) else { return }
    let start = request.timestamp.dividedRoundingDown(by: series.block) * series.block
    let sample = Sample(
      place: Int((request.timestamp - start) / series.cell), status: request.status,
      time: series.isTimed ? request.time : nil)
    let group = GroupKey(block: place(of: RequestBlock(scope: scope, start: start)), label: placeOfLabel())
    if let place = groupPlaces[group] {
      groups[place].samples.append(sample)
    } else {
      groupPlaces[group] = groups.count
      groups.append(Group(block: group.block, label: group.label, samples: [sample]))
    }
  }

  private mutating func write(labelOf request: borrowing StoredRequest, _ key: [UInt8]) -> Bool {
    scratch.removeAll(keepingCapacity: true)
    for (index, word) in series.label.enumerated() {
      if index > 0 { scratch.append(UInt8(ascii: " ")) }
      guard word.append(of: request, of: key, to: &scratch) else { return false }
    }
    return true
  }

  private mutating func place(of block: RequestBlock) -> Int {
    // Most units are of one block.
    if let last = groups.last, blocks[last.block] == block { return last.block }
    if let place = blockPlaces[block] { return place }
    blockPlaces[block] = blocks.count
    blocks.append(block)
    return blocks.count - 1
  }

  private mutating func placeOfLabel() -> Int {
    if let place = labelPlaces[LabelBytes(bytes: scratch)] { return place }
    // A copy of its own: the scratch goes on being written to.
    let label = Array(scratch[...])
    labelPlaces[LabelBytes(bytes: label)] = labels.count
    labels.append(label)
    return labels.count - 1
  }
}
