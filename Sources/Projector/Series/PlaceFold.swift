import Domain
import EventLog
import Foundation

/// A cut's requests as a table of places has them: which batch holds some of which project's quarter of an hour.
struct PlaceFold {
  /// A batch's requests of a block.
  private struct Open {
    let block: RequestBlock
    var draft: BatchPlaceDraft
  }

  /// In the order in which each first came up.
  private(set) var blocks: [RequestBlock] = []
  /// Of each block, in order of position.
  private(set) var places: [[BatchPlace]] = []

  private var ends: BatchEnds
  private var blockIndexes: [RequestBlock: Int] = [:]
  /// Of the batch that is being read.
  private var open: [Open] = []
  private var openIndexes: [RequestBlock: Int] = [:]
  private var openEnd: Int64 = 0
  private var lastOpen = 0
  private var scratch: [UInt8] = []

  /// Over the batches that hold what will be added.
  init(_ ends: BatchEnds) { self.ends = ends }

  /// Adds a request, which lies after all those added before. Throws ``UnknownBatch``.
  mutating func add(
    _ request: borrowing StoredRequest, at position: Int64, of scope: RequestScope, key: RequestTrait
  ) throws {
    if position > openEnd {
      close()
      guard let end = ends.end(holding: position) else { throw UnknownBatch(position: position) }
      openEnd = end
    }
    let block = RequestBlock(scope: scope, start: Quarter.start(of: request.timestamp))
    open[index(of: block)].draft.add(request, at: position, key: key, &scratch)
  }

  /// Ends the batch that is being read: all has been added.
  mutating func close() {
    for open in open { places[blockIndex(of: open.block)].append(open.draft.place(inBatch: openEnd)) }
    open.removeAll(keepingCapacity: true)
    openIndexes.removeAll(keepingCapacity: true)
    lastOpen = 0
  }

  private mutating func index(of block: RequestBlock) -> Int {
    // Most requests are of the quarter that the one before is of.
    if lastOpen < open.count, open[lastOpen].block == block { return lastOpen }
    if let index = openIndexes[block] {
      lastOpen = index
      return index
    }
    lastOpen = open.count
    openIndexes[block] = lastOpen
    open.append(Open(block: block, draft: BatchPlaceDraft(quarter: block.start)))
    return lastOpen
  }

  private mutating func blockIndex(of block: RequestBlock) -> Int {
    if let index = blockIndexes[block] { return index }
    blockIndexes[block] = blocks.count
    blocks.append(block)
    places.append([])
    return blocks.count - 1
  }
}

/// A request that counts lies in no batch that the log has at hand.
struct UnknownBatch: Error, CustomStringConvertible {
  let position: Int64
  var description: String {
    "no batch at hand holds position \(position), whose request counts: run `recount audit verify`"
  }
}
