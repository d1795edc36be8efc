//! Runs of the real binary, none of which can hang a test.

use std::ffi::OsStr;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use wait_timeout::ChildExt as _;

/// How long a run may take. The slowest takes some seconds; a machine that is busy with other tests takes some times as long.
const RUN_LIMIT: Duration = Duration::from_secs(180);

/// The binary under test.
#[derive(Clone, Copy, Debug)]
pub struct Binary {
    path: &'static str,
}

impl Binary {
    /// The binary at a path: only an integration test knows it, as `env!("CARGO_BIN_EXE_bilik")`.
    pub const fn at(path: &'static str) -> Self {
        Self { path }
    }

    /// Its path.
    pub const fn path(self) -> &'static str {
        self.path
    }

    /// A command without arguments, in English whatever the developer's locale is.
    pub fn command(self) -> Command {
        let mut command = Command::new(self.path);
        command.env("LC_ALL", "C");
        command
    }

    /// A command that a shell prepares: `exec "$0" "$@"` in the script becomes the binary.
    pub fn behind_shell(self, script: &str) -> Command {
        let mut command = Command::new("sh");
        command.arg("-c").arg(script).arg(self.path).env("LC_ALL", "C");
        command
    }

    /// Runs it to its end.
    pub fn run(self, args: &[&dyn AsRef<OsStr>]) -> RunOutput {
        RunOutput::of(self.command().args(args))
    }
}

/// A run that has not ended. It is killed when the test is done with it.
#[derive(Debug)]
pub struct Running {
    child: Child,
    name: String,
    out: Option<Reader>,
    err: Option<Reader>,
}

/// Reads a pipe to its end while the test waits: a full pipe would stop the run. (A file would count against the limit of file
/// sizes that some tests set.)
type Reader = JoinHandle<String>;

impl Running {
    /// Starts a command.
    pub fn start(command: &mut Command) -> Self {
        let mut running = Self::start_into(command, Stdio::piped());
        running.out = running.child.stdout.take().map(read);
        running
    }

    /// Starts a command with another standard output, of which nothing is kept.
    pub fn start_into(command: &mut Command, out: Stdio) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(out).stderr(Stdio::piped()).spawn().unwrap();
        let err = child.stderr.take().map(read);
        Self { child, name: format!("{command:?}"), out: None, err }
    }

    /// Sends a signal by its name, without SIG.
    pub fn signal(&self, signal: &str) {
        let killed = Command::new("kill").arg(format!("-{signal}")).arg(self.child.id().to_string()).status().unwrap();
        assert!(killed.success(), "SIG{signal} cannot be sent to {}", self.name);
    }

    /// Whether it has ended.
    pub fn is_over(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Kills it, so that it cannot clean up.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end; a run that takes too long is killed and fails the test by its name.
    #[track_caller]
    pub fn finish(mut self) -> RunOutput {
        let Some(status) = self.child.wait_timeout(RUN_LIMIT).unwrap() else {
            self.child.kill().unwrap();
            panic!("killed after {} s: {}\n{}{}", RUN_LIMIT.as_secs(), self.name, text(&mut self.out), text(&mut self.err));
        };
        let output = RunOutput { code: status.code().unwrap_or(-1), out: text(&mut self.out), err: text(&mut self.err) };
        assert!(!output.err.contains("panicked"), "{}\n{}", self.name, output.err);
        output
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has mostly ended long ago, and then there is nothing to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(mut pipe: impl Read + Send + 'static) -> Reader {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    })
}

/// What came through a pipe that is read.
fn text(reader: &mut Option<Reader>) -> String {
    reader.take().map_or_else(String::new, |reader| reader.join().unwrap())
}

/// The exit status of a run and what it printed.
#[derive(Debug)]
pub struct RunOutput {
    /// The exit status; -1 where a signal ended the run.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl RunOutput {
    /// Runs a command to its end.
    #[track_caller]
    pub fn of(command: &mut Command) -> Self {
        Running::start(command).finish()
    }

    /// Standard output and standard error.
    pub fn printed(&self) -> String {
        format!("{}{}", self.out, self.err)
    }

    /// The same, once it is sure that the exit status is as expected.
    #[track_caller]
    pub fn exits_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}", self.printed());
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.printed()))
    }
}

/// Runs what can hang, such as a server or a lock, on a thread, and fails where it is not done in time.
#[track_caller]
pub fn within<T: Send + 'static>(seconds: u64, what: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = channel();
    let thread = thread::spawn(move || sender.send(what()));
    match receiver.recv_timeout(Duration::from_secs(seconds)) {
        Ok(value) => value,
        Err(RecvTimeoutError::Timeout) => panic!("not done within {seconds} s"),
        // It panicked: so does the test, with the same words.
        Err(RecvTimeoutError::Disconnected) => match thread.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(_) => unreachable!("a thread that ends has sent its value"),
        },
    }
}
