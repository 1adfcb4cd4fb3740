extension LabelRanks {
  /// How often a label was called; 0 of one that is not among them.
  package func calls(of hash: Int64) -> Int64 {
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].hash == hash ? entries[low].calls : 0
  }
}
