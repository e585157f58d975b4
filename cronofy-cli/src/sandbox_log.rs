//! A line for each request that the sandbox answers, for the person at the terminal.

use std::io::Write;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel, sync_channel};
use std::thread;
use std::time::Duration;

use cronofy_sandbox::{JournalEntry, Watch};

use crate::demo::Paint;

/// A log that is being written.
///
/// A thread of its own writes it. Where nobody reads what it writes, as at the end of a full pipe, lines are left out,
/// and neither the sandbox nor its end waits.
pub(crate) struct Log {
    written: Receiver<()>,
}

/// How many lines wait to be read.
const MOST_WAITING: usize = 1024;
/// How long the last lines may take.
const FAREWELL: Duration = Duration::from_secs(1);

impl Log {
    /// Writes what `watch` sees until the sandbox is gone. Needs a runtime.
    pub(crate) fn start(mut watch: Watch, paint: Paint, mut out: impl Write + Send + 'static) -> Self {
        let (lines, waiting) = sync_channel::<String>(MOST_WAITING);
        let (end, written) = channel();
        thread::spawn(move || {
            // Dropped at the end, which is all that it says.
            let _end = end;
            waiting.iter().try_for_each(|line| writeln!(out, "{line}"))
        });
        tokio::spawn(async move {
            while let Some(entry) = watch.next().await {
                // Full, or closed by a reader that went away.
                let _ = lines.try_send(line(&entry, paint));
            }
        });
        Self { written }
    }

    /// Waits for the last lines once the sandbox is gone. `false` if nobody reads them.
    pub(crate) fn finish(self) -> bool {
        self.written.recv_timeout(FAREWELL) == Err(RecvTimeoutError::Disconnected)
    }
}

fn line(entry: &JournalEntry, paint: Paint) -> String {
    let JournalEntry { method, path, status, duration_us, .. } = entry;
    let time = paint.dim(&time_of_day(&entry.time));
    let status = match status {
        None => paint.red("---"),
        Some(status @ ..400) => paint.green(&status.to_string()),
        Some(status @ 400..500) => paint.yellow(&status.to_string()),
        Some(status) => paint.red(&status.to_string()),
    };
    let (whole, tenth) = (duration_us / 1000, duration_us % 1000 / 100);
    let fault = entry.fault.as_ref().map(|fault| format!("fault {}: {}", fault.id, fault.effect));
    let why = fault.or(entry.why.clone()).map(|why| format!("  {}", paint.dim(&why))).unwrap_or_default();
    format!("{time}  {method:<6} {path:<36}  {status} {whole:>5}.{tenth} ms{why}")
}

/// The time of day of an RFC 3339 time, to the millisecond.
fn time_of_day(time: &str) -> String {
    let time = time.split_once('T').map_or(time, |(_, time)| time).trim_end_matches('Z');
    let (seconds, fraction) = time.split_once('.').unwrap_or((time, ""));
    format!("{seconds}.{fraction:0<3}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_aligned() {
        let mut entry = JournalEntry::default();
        entry.time = "2031-03-04T09:00:00Z".to_owned();
        entry.method = "GET".to_owned();
        entry.path = "/v1/userinfo".to_owned();
        (entry.status, entry.duration_us) = (Some(200), 1260);
        let first = "09:00:00.000  GET    /v1/userinfo                          200     1.2 ms";
        assert_eq!(line(&entry, Paint::Plain), first);
        entry.time = "2031-03-04T09:00:00.25Z".to_owned();
        entry.method = "DELETE".to_owned();
        (entry.status, entry.duration_us, entry.why) = (None, 98, Some("it went away".to_owned()));
        let second =
            "09:00:00.250  DELETE /v1/userinfo                          ---     0.0 ms  it went away";
        assert_eq!(line(&entry, Paint::Plain), second);
        assert!(line(&entry, Paint::Colour).contains("\x1b[1;31m---\x1b[0m"));
    }

    /// Somebody who has stopped reading.
    struct Stuck;

    impl Write for Stuck {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            loop {
                thread::park();
            }
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn nobody_has_to_read_it() {
        let sandbox = cronofy_sandbox::Sandbox::start().await.expect("a sandbox starts");
        let log = Log::start(sandbox.watch(), Paint::Plain, Stuck);
        let address = sandbox.api_url().trim_start_matches("http://").to_owned();
        tokio::task::spawn_blocking(move || {
            use std::io::Read as _;
            let mut stream = std::net::TcpStream::connect(&address).expect("it listens");
            write!(stream, "GET /v1/account HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")
                .expect("it reads");
            stream.read_to_end(&mut Vec::new()).expect("it answers");
        })
        .await
        .expect("it was answered");
        sandbox.shutdown().await;
        assert!(!tokio::task::spawn_blocking(|| log.finish()).await.expect("it returns"));
    }
}
