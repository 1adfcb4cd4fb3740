extension LatencyBuckets {
  /// Where a bucket begins and where it ends, in nanoseconds: of whole nanoseconds, all from `lower` on and below `upper` are in it.
  ///
  /// Nil where it has no end: the last one, which no request may reach.
  package static func bounds(of bucket: Int) -> (lower: Int64, upper: Int64?) {
    (bucket > 0 ? bounds[bucket - 1] : 0, bucket < bounds.count ? bounds[bucket] : nil)
  }
}
