/// Measurements against the stock `restic`, outside the gate: seeded data sets, both programs in
/// turn as whole processes, medians and ratios.
///
/// Knows the two programs only by their command lines. Open
/// [dev.holdfast.benchmarks.BackupBenchmark] first.
@NullMarked
package dev.holdfast.benchmarks;

import org.jspecify.annotations.NullMarked;
