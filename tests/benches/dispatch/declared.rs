//! Fifty routes, declared.

use super::{Message, arrived};
use phx_channels::channel;

pub(crate) struct Declared;

#[channel]
impl Declared {
    #[join("rooms:{room}")]
    async fn join_room(&self, _room: &str) {}

    #[on("rooms:{room}", "new")]
    pub(super) async fn room_new(&self, room: &str, message: Message) {
        arrived((room,), &message);
    }

    #[on("rooms:{room}", "edit")]
    pub(super) async fn room_edit(&self, room: &str, message: Message) {
        arrived((room,), &message);
    }

    #[on("rooms:{room}", "read")]
    pub(super) async fn room_read(&self, room: &str, message: Message) {
        arrived((room,), &message);
    }

    #[on("rooms:{room}", "move")]
    pub(super) async fn room_move(&self, room: &str, message: Message) {
        arrived((room,), &message);
    }

    #[on("rooms:{room}", "drop")]
    pub(super) async fn room_drop(&self, room: &str, message: Message) {
        arrived((room,), &message);
    }

    #[join("rooms:{room}:members:{member}")]
    async fn join_member(&self, _room: &str, _member: &str) {}

    #[on("rooms:{room}:members:{member}", "new")]
    pub(super) async fn member_new(&self, room: &str, member: u32, message: Message) {
        arrived((room, member), &message);
    }

    #[on("rooms:{room}:members:{member}", "edit")]
    pub(super) async fn member_edit(&self, room: &str, member: u32, message: Message) {
        arrived((room, member), &message);
    }

    #[on("rooms:{room}:members:{member}", "read")]
    pub(super) async fn member_read(&self, room: &str, member: u32, message: Message) {
        arrived((room, member), &message);
    }

    #[on("rooms:{room}:members:{member}", "move")]
    pub(super) async fn member_move(&self, room: &str, member: u32, message: Message) {
        arrived((room, member), &message);
    }

    #[on("rooms:{room}:members:{member}", "drop")]
    pub(super) async fn member_drop(&self, room: &str, member: u32, message: Message) {
        arrived((room, member), &message);
    }

    #[join("games:{game}")]
    async fn join_game(&self, _game: &str) {}

    #[on("games:{game}", "new")]
    pub(super) async fn game_new(&self, game: u64, message: Message) {
        arrived((game,), &message);
    }

    #[on("games:{game}", "edit")]
    pub(super) async fn game_edit(&self, game: u64, message: Message) {
        arrived((game,), &message);
    }

    #[on("games:{game}", "read")]
    pub(super) async fn game_read(&self, game: u64, message: Message) {
        arrived((game,), &message);
    }

    #[on("games:{game}", "move")]
    pub(super) async fn game_move(&self, game: u64, message: Message) {
        arrived((game,), &message);
    }

    #[on("games:{game}", "drop")]
    pub(super) async fn game_drop(&self, game: u64, message: Message) {
        arrived((game,), &message);
    }

    #[join("games:{game}:players:{player}")]
    async fn join_player(&self, _game: &str, _player: &str) {}

    #[on("games:{game}:players:{player}", "new")]
    pub(super) async fn player_new(&self, game: u64, player: &str, message: Message) {
        arrived((game, player), &message);
    }

    #[on("games:{game}:players:{player}", "edit")]
    pub(super) async fn player_edit(&self, game: u64, player: &str, message: Message) {
        arrived((game, player), &message);
    }

    #[on("games:{game}:players:{player}", "read")]
    pub(super) async fn player_read(&self, game: u64, player: &str, message: Message) {
        arrived((game, player), &message);
    }

    #[on("games:{game}:players:{player}", "move")]
    pub(super) async fn player_move(&self, game: u64, player: &str, message: Message) {
        arrived((game, player), &message);
    }

    #[on("games:{game}:players:{player}", "drop")]
    pub(super) async fn player_drop(&self, game: u64, player: &str, message: Message) {
        arrived((game, player), &message);
    }

    #[join("boards:{board}:lists:{list}:cards:{card}")]
    async fn join_card(&self, _board: &str, _list: &str, _card: &str) {}

    #[on("boards:{board}:lists:{list}:cards:{card}", "new")]
    pub(super) async fn card_new(&self, board: &str, list: u32, card: u32, message: Message) {
        arrived((board, list, card), &message);
    }

    #[on("boards:{board}:lists:{list}:cards:{card}", "edit")]
    pub(super) async fn card_edit(&self, board: &str, list: u32, card: u32, message: Message) {
        arrived((board, list, card), &message);
    }

    #[on("boards:{board}:lists:{list}:cards:{card}", "read")]
    pub(super) async fn card_read(&self, board: &str, list: u32, card: u32, message: Message) {
        arrived((board, list, card), &message);
    }

    #[on("boards:{board}:lists:{list}:cards:{card}", "move")]
    pub(super) async fn card_move(&self, board: &str, list: u32, card: u32, message: Message) {
        arrived((board, list, card), &message);
    }

    #[on("boards:{board}:lists:{list}:cards:{card}", "drop")]
    pub(super) async fn card_drop(&self, board: &str, list: u32, card: u32, message: Message) {
        arrived((board, list, card), &message);
    }

    #[join("users:{user}")]
    async fn join_user(&self, _user: &str) {}

    #[on("users:{user}", "new")]
    pub(super) async fn user_new(&self, user: u32, message: Message) {
        arrived((user,), &message);
    }

    #[on("users:{user}", "edit")]
    pub(super) async fn user_edit(&self, user: u32, message: Message) {
        arrived((user,), &message);
    }

    #[on("users:{user}", "read")]
    pub(super) async fn user_read(&self, user: u32, message: Message) {
        arrived((user,), &message);
    }

    #[on("users:{user}", "move")]
    pub(super) async fn user_move(&self, user: u32, message: Message) {
        arrived((user,), &message);
    }

    #[on("users:{user}", "drop")]
    pub(super) async fn user_drop(&self, user: u32, message: Message) {
        arrived((user,), &message);
    }

    #[join("users:{user}:inbox")]
    async fn join_inbox(&self, _user: &str) {}

    #[on("users:{user}:inbox", "new")]
    pub(super) async fn inbox_new(&self, user: u32, message: Message) {
        arrived((user,), &message);
    }

    #[on("users:{user}:inbox", "edit")]
    pub(super) async fn inbox_edit(&self, user: u32, message: Message) {
        arrived((user,), &message);
    }

    #[on("users:{user}:inbox", "read")]
    pub(super) async fn inbox_read(&self, user: u32, message: Message) {
        arrived((user,), &message);
    }

    #[on("users:{user}:inbox", "move")]
    pub(super) async fn inbox_move(&self, user: u32, message: Message) {
        arrived((user,), &message);
    }

    #[on("users:{user}:inbox", "drop")]
    pub(super) async fn inbox_drop(&self, user: u32, message: Message) {
        arrived((user,), &message);
    }

    #[join("shops:{shop}:orders:{order}")]
    async fn join_order(&self, _shop: &str, _order: &str) {}

    #[on("shops:{shop}:orders:{order}", "new")]
    pub(super) async fn order_new(&self, shop: &str, order: u64, message: Message) {
        arrived((shop, order), &message);
    }

    #[on("shops:{shop}:orders:{order}", "edit")]
    pub(super) async fn order_edit(&self, shop: &str, order: u64, message: Message) {
        arrived((shop, order), &message);
    }

    #[on("shops:{shop}:orders:{order}", "read")]
    pub(super) async fn order_read(&self, shop: &str, order: u64, message: Message) {
        arrived((shop, order), &message);
    }

    #[on("shops:{shop}:orders:{order}", "move")]
    pub(super) async fn order_move(&self, shop: &str, order: u64, message: Message) {
        arrived((shop, order), &message);
    }

    #[on("shops:{shop}:orders:{order}", "drop")]
    pub(super) async fn order_drop(&self, shop: &str, order: u64, message: Message) {
        arrived((shop, order), &message);
    }

    #[join("feeds:{feed}:{day}")]
    async fn join_feed(&self, _feed: &str, _day: &str) {}

    #[on("feeds:{feed}:{day}", "new")]
    pub(super) async fn feed_new(&self, feed: &str, day: u16, message: Message) {
        arrived((feed, day), &message);
    }

    #[on("feeds:{feed}:{day}", "edit")]
    pub(super) async fn feed_edit(&self, feed: &str, day: u16, message: Message) {
        arrived((feed, day), &message);
    }

    #[on("feeds:{feed}:{day}", "read")]
    pub(super) async fn feed_read(&self, feed: &str, day: u16, message: Message) {
        arrived((feed, day), &message);
    }

    #[on("feeds:{feed}:{day}", "move")]
    pub(super) async fn feed_move(&self, feed: &str, day: u16, message: Message) {
        arrived((feed, day), &message);
    }

    #[on("feeds:{feed}:{day}", "drop")]
    pub(super) async fn feed_drop(&self, feed: &str, day: u16, message: Message) {
        arrived((feed, day), &message);
    }

    #[join("docs:{doc}:cursors:{user}")]
    async fn join_cursor(&self, _doc: &str, _user: &str) {}

    #[on("docs:{doc}:cursors:{user}", "new")]
    pub(super) async fn cursor_new(&self, doc: &str, user: &str, message: Message) {
        arrived((doc, user), &message);
    }

    #[on("docs:{doc}:cursors:{user}", "edit")]
    pub(super) async fn cursor_edit(&self, doc: &str, user: &str, message: Message) {
        arrived((doc, user), &message);
    }

    #[on("docs:{doc}:cursors:{user}", "read")]
    pub(super) async fn cursor_read(&self, doc: &str, user: &str, message: Message) {
        arrived((doc, user), &message);
    }

    #[on("docs:{doc}:cursors:{user}", "move")]
    pub(super) async fn cursor_move(&self, doc: &str, user: &str, message: Message) {
        arrived((doc, user), &message);
    }

    #[on("docs:{doc}:cursors:{user}", "drop")]
    pub(super) async fn cursor_drop(&self, doc: &str, user: &str, message: Message) {
        arrived((doc, user), &message);
    }
}
