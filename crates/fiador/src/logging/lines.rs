//! Log lines on their way out, written by a thread of their own.
//!
//! A request that logs only copies its line: a write for each would be a system call in the middle
//! of a login. Lines wait a few milliseconds for company. When the buffer is full, whoever logs waits
//! for room, so no line is dropped; only a process that is killed loses those few milliseconds.

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// Bytes that may wait.
const CAPACITY: usize = 1024 * 1024;
/// How long the first line waits for others.
const GATHER: Duration = Duration::from_millis(20);

/// Lines that are to be written, in the order in which they came.
pub struct Lines {
    state: Mutex<State>,
    /// There is something to write, or it is urgent.
    filled: Condvar,
    /// There is room again, or nothing left.
    emptied: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<u8>,
    is_writing: bool,
    is_urgent: bool,
}

impl Lines {
    /// Starts the thread that writes to `sink`. What the sink refuses is gone, as nobody is left to
    /// be told.
    pub fn start(sink: impl Write + Send + 'static) -> io::Result<Arc<Self>> {
        let lines = Arc::new(Self {
            state: Mutex::default(),
            filled: Condvar::new(),
            emptied: Condvar::new(),
        });
        let writing = Arc::clone(&lines);
        thread::Builder::new().name("log".to_owned()).spawn(move || writing.write_to(sink))?;
        Ok(lines)
    }

    /// Adds a line; waits while there is no room.
    fn push(&self, line: &[u8]) {
        let mut state = self.lock();
        while !state.waiting.is_empty() && state.waiting.len() + line.len() > CAPACITY {
            state = self.hurry(state);
        }
        let is_first = state.waiting.is_empty();
        state.waiting.extend_from_slice(line);
        drop(state);
        if is_first {
            self.filled.notify_one();
        }
    }

    /// Returns when nothing waits.
    pub fn flush(&self) {
        let mut state = self.lock();
        while !state.waiting.is_empty() || state.is_writing {
            state = self.hurry(state);
        }
    }

    fn hurry<'a>(&self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        state.is_urgent = true;
        self.filled.notify_one();
        self.emptied.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    fn write_to(&self, mut sink: impl Write) {
        let mut taken = Vec::new();
        loop {
            self.take(&mut taken);
            let _ = sink.write_all(&taken).and_then(|()| sink.flush());
            taken.clear();
            self.lock().is_writing = false;
            self.emptied.notify_all();
        }
    }

    /// Waits for lines and takes all there are.
    fn take(&self, taken: &mut Vec<u8>) {
        let state = self.lock();
        let state = self.filled.wait_while(state, |state| state.waiting.is_empty());
        let state = state.unwrap_or_else(PoisonError::into_inner);
        let gathered = self.filled.wait_timeout_while(state, GATHER, |state| !state.is_urgent);
        let (mut state, _) = gathered.unwrap_or_else(PoisonError::into_inner);
        mem::swap(&mut state.waiting, taken);
        state.is_writing = true;
        state.is_urgent = false;
        drop(state);
        self.emptied.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One of the places where lines come from; each write is a whole line.
#[derive(Clone)]
pub struct LineWriter(Arc<Lines>);

impl LineWriter {
    /// A writer into `lines`.
    pub const fn new(lines: Arc<Lines>) -> Self {
        Self(lines)
    }
}

impl Write for LineWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    /// Takes a write each time it is allowed to.
    struct Sink {
        allowed: mpsc::Receiver<()>,
        written: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let _ = self.allowed.recv();
            self.written.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn sink() -> (mpsc::Sender<()>, Arc<Mutex<Vec<u8>>>, Sink) {
        let (allow, allowed) = mpsc::channel();
        let written = Arc::default();
        (allow, Arc::clone(&written), Sink { allowed, written })
    }

    #[test]
    fn what_was_logged_is_written_in_order_when_a_flush_returns() {
        let (allow, written, sink) = sink();
        drop(allow);
        let lines = Lines::start(sink).unwrap();
        let mut writer = LineWriter::new(Arc::clone(&lines));
        let mut expected = String::new();
        for number in 0..10_000 {
            let line = format!("line {number}\n");
            writer.write_all(line.as_bytes()).unwrap();
            expected.push_str(&line);
        }
        lines.flush();
        assert_eq!(*written.lock().unwrap(), expected.as_bytes());
    }

    #[test]
    fn a_full_buffer_makes_the_next_line_wait_and_drops_none() {
        let (allow, written, sink) = sink();
        let lines = Lines::start(sink).unwrap();
        let (sent, counted) = mpsc::channel();
        let logging = Arc::clone(&lines);
        thread::spawn(move || {
            let line = vec![b'x'; CAPACITY / 8];
            for _ in 0..40 {
                logging.push(&line);
                sent.send(()).unwrap();
            }
        });
        // At most what the sink holds and as much again has been taken.
        let taken = std::iter::from_fn(|| counted.recv_timeout(Duration::from_millis(200)).ok());
        let taken = taken.count();
        assert!(taken <= 16, "{taken}");
        drop(allow);
        for _ in taken..40 {
            counted.recv().unwrap();
        }
        lines.flush();
        assert_eq!(written.lock().unwrap().len(), 40 * (CAPACITY / 8));
    }
}
