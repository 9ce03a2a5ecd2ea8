//! A child process that talks in lines and does not outlive its owner.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use parking_lot::Mutex;
use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// How many lines of standard error are remembered.
const REMEMBERED: usize = 20_000;

/// A running program: lines in, lines out, standard error remembered, killed when dropped.
#[derive(Debug)]
pub(crate) struct LineChild {
    name: String,
    process: Child,
    input: Option<ChildStdin>,
    output: UnboundedReceiver<String>,
    complaints: Arc<Mutex<VecDeque<String>>>,
}

impl LineChild {
    /// Starts `command` with pipes on its three standard streams.
    pub(crate) fn spawn(mut command: Command) -> anyhow::Result<Self> {
        let name = format!("{}", command.get_program().display());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().with_context(|| format!("cannot start {name}"))?;
        let input = process.stdin.take();

        let (sender, output) = unbounded_channel();
        read_lines(process.stdout.take(), move |line| drop(sender.send(line)));
        let complaints = Arc::new(Mutex::new(VecDeque::new()));
        let remembered = Arc::clone(&complaints);
        read_lines(process.stderr.take(), move |line| {
            let mut lines = remembered.lock();
            if lines.len() == REMEMBERED {
                lines.pop_front();
            }
            lines.push_back(line);
        });
        Ok(Self { name, process, input, output, complaints })
    }

    /// The next line of standard output, waiting in real time: not for tests with paused time.
    pub(crate) async fn next_line(&mut self, patience: Duration) -> anyhow::Result<String> {
        match tokio::time::timeout(patience, self.output.recv()).await {
            Ok(Some(line)) => Ok(line),
            Ok(None) => bail!("{} ended{}", self.name, self.last_words()),
            Err(_) => bail!("{} said nothing for {patience:?}{}", self.name, self.last_words()),
        }
    }

    /// The same for callers that cannot await; blocks the thread.
    pub(crate) fn wait_for_line(&mut self, patience: Duration) -> anyhow::Result<String> {
        for _ in 0..=patience.as_millis() / 10 {
            match self.output.try_recv() {
                Ok(line) => return Ok(line),
                Err(TryRecvError::Disconnected) => {
                    bail!("{} ended{}", self.name, self.last_words())
                }
                Err(TryRecvError::Empty) => std::thread::sleep(Duration::from_millis(10)),
            }
        }
        bail!("{} said nothing for {patience:?}{}", self.name, self.last_words())
    }

    /// Writes one line to standard input.
    pub(crate) fn write_line(&mut self, line: &str) -> anyhow::Result<()> {
        let input = self.input.as_mut().context("standard input is closed")?;
        writeln!(input, "{line}").with_context(|| format!("{} no longer listens", self.name))
    }

    /// What came on standard error so far, at most the last 20,000 lines.
    pub(crate) fn complaints(&self) -> String {
        let lines = self.complaints.lock();
        lines.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }

    /// The number the operating system knows the process by.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// `kill -9`, then waits until the process is gone.
    pub(crate) fn kill(&mut self) -> std::io::Result<ExitStatus> {
        self.process.kill()?;
        self.process.wait()
    }

    /// SIGTERM, then waits for the process to end by itself.
    pub(crate) fn terminate(&mut self, patience: Duration) -> anyhow::Result<ExitStatus> {
        crate::programs::run(Command::new("kill").args(["-TERM", &self.id().to_string()]))?;
        for _ in 0..=patience.as_millis() / 20 {
            if let Some(status) = self.process.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("{} still runs {patience:?} after SIGTERM{}", self.name, self.last_words())
    }

    fn last_words(&self) -> String {
        // Standard output may close a moment before the complaint about it has been read.
        std::thread::sleep(Duration::from_millis(50));
        format!("; it said:\n{}", self.complaints())
    }
}

impl Drop for LineChild {
    fn drop(&mut self) {
        // An error means that the process has ended already, which is what is wanted.
        let _ = self.kill();
    }
}

fn read_lines(
    stream: Option<impl Read + Send + 'static>,
    mut each: impl FnMut(String) + Send + 'static,
) {
    if let Some(stream) = stream {
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                each(line);
            }
        });
    }
}
