use crate::sync::Mutex;
use std::{
    future::poll_fn,
    sync::{
        Arc,
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    task::{Poll, Waker},
    thread,
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Default)]
struct State {
    over: bool,
    waiting: Option<Waker>,
}

/// Ready after ten seconds, whatever the runtime of the test: a thread looks at the clock, and ends
/// when nobody waits any more.
pub(super) fn patience() -> impl Future<Output = ()> {
    let state = Arc::new(Mutex::new(State::default()));
    let alive = watch(Arc::clone(&state));
    poll_fn(move |cx| {
        // Dropped together with this future.
        let _: &Sender<()> = &alive;
        let mut state = state.lock();
        if state.over {
            return Poll::Ready(());
        }
        state.waiting = Some(cx.waker().clone());
        Poll::Pending
    })
}

fn watch(state: Arc<Mutex<State>>) -> Sender<()> {
    let (alive, gone) = channel();
    thread::spawn(move || {
        if gone.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
            let mut state = state.lock();
            state.over = true;
            if let Some(waiting) = state.waiting.take() {
                waiting.wake();
            }
        }
    });
    alive
}
