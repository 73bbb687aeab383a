#[channel(crate = realtime::channels)]
impl<S: Store, const N: usize> Chat<S, N>
where
    S: Send + Sync + 'static,
{
    const LIMIT: usize = N;

    #[join("rooms:*")]
    async fn join(&self, params: S::Params) {}

    fn helper(&self) {}
}
