/// Where files of pages are cut: arithmetic on what extents cost, now and with every later backup.
///
/// Knows no database, no repository and no files, so that a simulation can run it on recorded
/// changes. Open [dev.holdfast.engine.extent.ExtentPlanner] first.
@NullMarked
package dev.holdfast.engine.extent;

import org.jspecify.annotations.NullMarked;
