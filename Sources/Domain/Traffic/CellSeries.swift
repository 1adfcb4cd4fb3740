/// Cells of one length side by side, such as the quarters of an hour of a day. Those without requests are left out.
package struct CellSeries: Hashable, Sendable {
  /// In order of place.
  package private(set) var cells: [(place: Int, cell: TrafficCell)]

  /// Of no request.
  package init() { cells = [] }

  private init(cells: [(place: Int, cell: TrafficCell)]) { self.cells = cells }

  /// Counts a request in the cell at a place.
  package mutating func add(status: Int, time: Int64?, at place: Int) {
    cells[index(of: place)].cell.add(status: status, time: time)
  }

  /// Adds another's requests, cell by cell.
  package mutating func add(_ other: CellSeries) {
    for (place, cell) in other.cells { cells[index(of: place)].cell.add(cell) }
  }

  /// All cells of a range of places in one.
  package func total(of places: Range<Int> = 0..<Int.max) -> TrafficCell {
    cells.reduce(into: TrafficCell()) { total, entry in
      if places.contains(entry.place) { total.add(entry.cell) }
    }
  }

  /// Of a cell that is there, or is now.
  private mutating func index(of place: Int) -> Int {
    var index = cells.count
    while index > 0, cells[index - 1].place > place { index -= 1 }
    if index > 0, cells[index - 1].place == place { return index - 1 }
    cells.insert((place, TrafficCell()), at: index)
    return index
  }

  /// As it is stored.
  package var bytes: [UInt8] {
    var writer = TrafficWriter()
    writer.write(Int64(cells.count))
    var previous = 0
    for (place, cell) in cells {
      writer.write(Int64(place - previous))
      previous = place
      writer.write(cell)
    }
    return writer.bytes
  }

  /// How many requests each place has, of what was stored: a tenth of the work of reading all. Throws ``TrafficBytesError``.
  package static func calls(in bytes: [UInt8]) throws(TrafficBytesError) -> [(place: Int, calls: Int64)] {
    try TrafficReader.whole(bytes) { reader throws(TrafficBytesError) in
      let count = try reader.number(upTo: Int64(bytes.count))
      var found: [(place: Int, calls: Int64)] = []
      found.reserveCapacity(Int(count))
      var place = 0
      for _ in 0..<count {
        place += Int(try reader.number(upTo: 100_000))
        found.append((place, try reader.calls()))
      }
      return found
    }
  }

  /// From what was stored. Throws ``TrafficBytesError``.
  package init(bytes: [UInt8]) throws(TrafficBytesError) {
    self = try TrafficReader.whole(bytes) { reader throws(TrafficBytesError) in
      let count = try reader.number(upTo: Int64(bytes.count))
      var cells: [(place: Int, cell: TrafficCell)] = []
      cells.reserveCapacity(Int(count))
      var place = 0
      for index in 0..<count {
        let step = Int(try reader.number(upTo: 100_000))
        guard index == 0 || step > 0 else { throw reader.fault }
        place += step
        cells.append((place, try reader.cell()))
      }
      return CellSeries(cells: cells)
    }
  }

  package static func == (one: CellSeries, other: CellSeries) -> Bool {
    one.cells.elementsEqual(other.cells) { $0.place == $1.place && $0.cell == $1.cell }
  }

  package func hash(into hasher: inout Hasher) {
    for (place, cell) in cells {
      hasher.combine(place)
      hasher.combine(cell)
    }
  }
}
