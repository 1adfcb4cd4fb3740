/// Places of a quarter of an hour as a row of a read model holds them, the newest batch's first: what comes is written before what is there,
/// which need not be read for it.
///
/// Numbers are those of ``TrafficWriter``. It begins with a 0, which no batch is: a row of before format 3 began with its batch, and is taken for nothing else.
/// The first place begins with its batch and its newest second; each that follows with how much
/// less its batch is than the one before's, and how its newest second differs (0, -1, 1, -2, … as 0, 1, 2, 3, …). Then come, of each: how
/// far its last request lies before the batch's end; how far its first before its last; of more than one position how many of those between
/// are others', and how far its oldest second lies before its newest; 32 times how slow the slowest was, and the bits of its classes; its
/// signature.
package struct BatchPlaces: Hashable, Sendable {
  /// As it is stored.
  package let bytes: [UInt8]

  /// A row that would come to more than this takes no further place: an update writes all of a row, and PostgreSQL puts what is longer
  /// than 2 kB elsewhere.
  static let maximumBytes = 1_500

  /// Of what was stored, which ``all()`` and ``adding(_:)`` look at.
  package init(bytes: [UInt8] = []) { self.bytes = bytes }

  /// The same with another place, of a later batch; nil where that makes it too long. Throws ``TrafficBytesError``.
  package func adding(_ place: BatchPlace) throws(TrafficBytesError) -> BatchPlaces? {
    var writer = TrafficWriter()
    writer.write(Int64(0))
    writer.write(place.batch)
    writer.write(Int64(place.newest))
    writer.write(bodyOf: place)
    guard !bytes.isEmpty else { return BatchPlaces(bytes: writer.bytes) }
    let head = try head()
    guard head.batch < place.batch else { throw TrafficBytesError(offset: 0) }
    writer.write(place.batch - head.batch)
    writer.write(Int64(zigzag(head.newest - place.newest)))
    guard writer.bytes.count + bytes.count - head.length <= Self.maximumBytes else { return nil }
    return BatchPlaces(bytes: writer.bytes + bytes[head.length...])
  }

  private func head() throws(TrafficBytesError) -> (batch: Int64, newest: Int, length: Int) {
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<(Int64, Int, Int), TrafficBytesError> in
      var reader = TrafficReader(buffer)
      do throws(TrafficBytesError) {
        guard try reader.number() == 0 else { throw reader.fault }
        let batch = try reader.number()
        let newest = Int(try reader.number(upTo: Int64(Quarter.seconds - 1)))
        return .success((batch, newest, reader.index))
      } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// All places, the newest batch's first. Throws ``TrafficBytesError``.
  package func all() throws(TrafficBytesError) -> [BatchPlace] {
    guard !bytes.isEmpty else { return [] }
    return try TrafficReader.whole(bytes) { reader throws(TrafficBytesError) in
      guard try reader.number() == 0 else { throw reader.fault }
      var batch = try reader.number()
      var newest = Int(try reader.number(upTo: Int64(Quarter.seconds - 1)))
      var places = [try reader.place(ofBatch: batch, newest: newest)]
      while !reader.isAtEnd {
        let step = try reader.number(upTo: batch)
        guard step > 0 else { throw reader.fault }
        batch -= step
        newest += unzigzag(Int(try reader.number(upTo: Int64(2 * Quarter.seconds))))
        guard (0..<Quarter.seconds).contains(newest) else { throw reader.fault }
        places.append(try reader.place(ofBatch: batch, newest: newest))
      }
      return places
    }
  }
}

private func zigzag(_ number: Int) -> Int { number >= 0 ? 2 * number : -2 * number - 1 }
private func unzigzag(_ number: Int) -> Int { number % 2 == 0 ? number / 2 : -(number / 2) - 1 }

extension TrafficWriter {
  fileprivate mutating func write(bodyOf place: BatchPlace) {
    write(place.batch - place.last)
    write(place.last - place.first)
    if place.last > place.first {
      write(place.most - place.count)
      write(Int64(place.newest - place.oldest))
    }
    write(Int64(place.slowest << StatusClasses.count | place.classes.rawValue))
    place.signature.append(to: &self)
  }
}

extension TrafficReader {
  fileprivate mutating func place(ofBatch batch: Int64, newest: Int) throws(TrafficBytesError) -> BatchPlace {
    // So that how many lie between can be told.
    guard batch < .max else { throw fault }
    let last = batch - (try number(upTo: batch))
    let first = last - (try number(upTo: last))
    // The first and the last are its own.
    let others = last > first ? try number(upTo: last - first - 1) : 0
    let oldest = last > first ? newest - Int(try number(upTo: Int64(newest))) : newest
    let marks = Int(try number(upTo: Int64(Int64.bitWidth + 1) << StatusClasses.count - 1))
    return BatchPlace(
      batch: batch, first: first, last: last, count: last - first + 1 - others, oldest: oldest, newest: newest,
      slowest: marks >> StatusClasses.count, classes: StatusClasses(rawValue: marks & (1 << StatusClasses.count - 1)),
      signature: try RequestSignature(&self))
  }
}
