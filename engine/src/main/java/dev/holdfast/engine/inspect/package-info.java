/// Looking into the databases of a snapshot without putting them anywhere near live data.
///
/// It knows snapshots, manifests and kinds of databases, and nothing of recoveries. Open
/// [dev.holdfast.engine.inspect.SnapshotDatabases] first.
@NullMarked
package dev.holdfast.engine.inspect;

import org.jspecify.annotations.NullMarked;
