#[channel]
impl Counter {
    #[join("counter:{start}")]
    async fn join(&self, start: u64) -> Joined<Count> {
        Joined::new(Count(start))
    }

    #[on("counter:*", "add")]
    async fn add(&self, count: &mut Count, amount: u64) -> Result<u64, ()> {
        count.0 += amount;
        Ok(count.0)
    }

    #[leave("counter:*")]
    async fn left(&self, count: &Count, reason: LeaveReason) {}
}
