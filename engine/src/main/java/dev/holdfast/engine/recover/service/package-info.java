/// The service that uses the data: stopping and starting it, asking whether it is well, and finding
/// out who else holds a file.
///
/// Knows nothing of snapshots and journals. Open
/// [dev.holdfast.engine.recover.service.ServiceSettings] first.
@NullMarked
package dev.holdfast.engine.recover.service;

import org.jspecify.annotations.NullMarked;
