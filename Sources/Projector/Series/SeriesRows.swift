import Domain
import EventLog

/// The rows that a fold comes to: of each block its labels as far as it may have them, and one row for all that is beyond.
struct SeriesRows {
  /// A block's labels, those that stand in the table and those that come with this cut.
  struct Labels {
    /// How many it has.
    var count: Int32 = 0
    /// How often each was called, by hash.
    var calls: [Int64: Int64] = [:]
  }

  /// A row, as it is changed.
  struct Row {
    let block: Int
    let hash: Int64
    let label: [UInt8]
    /// Whether the table may have it.
    let isOld: Bool
    /// Whether the table has it.
    fileprivate(set) var isThere = false
    var cells = CellSeries()
    var total = TrafficCell()
  }

  private(set) var rows: [Row] = []
  /// By block, as the fold numbers them.
  private(set) var labels: [Labels]

  private struct Key: Hashable {
    let block: Int
    let hash: Int64
  }
  private var places: [Key: Int] = [:]

  /// Of a fold, whose blocks have these labels. `takes` says of which blocks anything is kept.
  init(_ fold: SeriesFold, labels known: [Labels], takes: [Bool]) {
    labels = known
    let hashes = fold.labels.map { SeriesLabel.hash($0) }
    for group in fold.groups where takes[group.block] {
      let hash = hashes[group.label]
      let isOld = labels[group.block].calls[hash] != nil || fold.series.label.isEmpty
      let isAdmitted = isOld || admit(hash, to: group.block, most: fold.series.most)
      let place = self.place(
        of: Key(block: group.block, hash: isAdmitted ? hash : SeriesLabel.rest),
        label: isAdmitted ? fold.labels[group.label] : [], isOld: isOld || !isAdmitted)
      for sample in group.samples.sorted(by: { $0.place < $1.place }) {
        rows[place].cells.add(status: sample.status, time: sample.time, at: sample.place)
      }
    }
    for index in rows.indices {
      rows[index].total = rows[index].cells.total()
      labels[rows[index].block].calls[rows[index].hash, default: 0] += rows[index].total.calls
    }
  }

  /// Those that come first have a row of their own: in order of position, so that it does not matter where the cuts lie.
  private mutating func admit(_ hash: Int64, to block: Int, most: Int) -> Bool {
    guard labels[block].count < most else { return false }
    labels[block].count += 1
    labels[block].calls[hash] = 0
    return true
  }

  private mutating func place(of key: Key, label: [UInt8], isOld: Bool) -> Int {
    if let place = places[key] { return place }
    places[key] = rows.count
    rows.append(Row(block: key.block, hash: key.hash, label: label, isOld: isOld))
    return rows.count - 1
  }

  /// Adds what the table has of a row. Nil cells: their detail is gone.
  mutating func add(total: TrafficCell, cells: CellSeries?, to row: Int) {
    rows[row].isThere = true
    rows[row].total.add(total)
    if let cells { rows[row].cells.add(cells) }
  }
}
