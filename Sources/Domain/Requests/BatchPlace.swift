/// Where requests of one project and mode lie in the log: those of a quarter of an hour that one batch holds.
package struct BatchPlace: Hashable, Sendable {
  /// The batch's last position.
  package let batch: Int64
  /// The first request's position.
  package let first: Int64
  /// The last one's. What lies between may be others'.
  package let last: Int64
  /// How many there are.
  package let count: Int64
  /// The second of the quarter that the oldest is of, 0 to 899.
  package let oldest: Int
  /// The second of the quarter that the newest is of.
  package let newest: Int
  /// No request took longer than this: 0 where none took a millisecond, otherwise how many bits the longest time's milliseconds have.
  package let slowest: Int
  /// Which classes of statuses they have.
  package let classes: StatusClasses
  /// What else they can be found by.
  package let signature: RequestSignature

  /// At most so many requests; as many where the batch holds nothing else there.
  package var most: Int64 { last - first + 1 }

  /// ``slowest`` of a time in nanoseconds.
  package static func slowness(ofNanoseconds time: Int64) -> Int {
    let milliseconds = max(0, time) / 1_000_000
    return Int64.bitWidth - milliseconds.leadingZeroBitCount
  }
}

/// Collects what a ``BatchPlace`` says of some requests, which come in order of position.
package struct BatchPlaceDraft: Sendable {
  private let quarter: Int64
  private var first: Int64 = 0
  private var last: Int64 = 0
  private var oldest = Int64.max
  private var newest = Int64.min
  private var slowest = 0
  private var classes = StatusClasses()
  private var count = 0
  private var traits: [RequestTrait] = []

  /// Of the quarter that begins at a time in milliseconds since 1970.
  package init(quarter: Int64) { self.quarter = quarter }

  /// Adds a request of the quarter. `key` is its key's trait.
  package mutating func add(
    _ request: borrowing StoredRequest, at position: Int64, key: RequestTrait, _ scratch: inout [UInt8]
  ) {
    if count == 0 { first = position }
    last = position
    count += 1
    oldest = min(oldest, request.timestamp)
    newest = max(newest, request.timestamp)
    if let time = request.time { slowest = max(slowest, BatchPlace.slowness(ofNanoseconds: time)) }
    classes.insert(statusOf: request.status)
    traits.append(key)
    request.append(traitsTo: &traits, &scratch)
  }

  /// The place, in the batch that ends at a position. At least one request was added.
  package func place(inBatch batch: Int64) -> BatchPlace {
    BatchPlace(
      batch: batch, first: first, last: last, count: Int64(count), oldest: Int((oldest - quarter) / 1_000),
      newest: Int((newest - quarter) / 1_000), slowest: slowest,
      classes: classes, signature: RequestSignature(of: traits, requests: count))
  }
}
