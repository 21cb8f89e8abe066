/// What `holdfast.yaml` says of an app's recovery: its services, when they count as well, what
/// adapts new data, and how long safety copies are kept. Values alone: where secrets are, never the
/// secrets.
///
/// Knows nothing of how any of it is carried out. Open
/// [dev.holdfast.engine.config.recovery.RecoverySettings] first.
@NullMarked
package dev.holdfast.engine.config.recovery;

import org.jspecify.annotations.NullMarked;
