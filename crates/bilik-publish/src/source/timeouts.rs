//! How long a server is waited for.

use std::time::Duration;

/// Until there is a connection.
pub(super) const CONNECT: Duration = Duration::from_secs(10);
/// Without a byte: before the first one, and between two.
pub(super) const SILENCE: Duration = Duration::from_secs(15);
/// For one file, however steadily it comes.
pub(super) const FILE: Duration = Duration::from_secs(300);
