//! Who sells: the engine or hand-written code, and how many at once.

use crate::work::{Orders, PlainOrder};
use ims_core::{Ims, Store};
use std::{
    future::Future,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

/// Sells one order after the other.
pub trait Seller: Send + 'static {
    /// Sells an order; panics where it is not sold.
    fn sell(&mut self, order: &PlainOrder) -> impl Future<Output = ()> + Send;
}

/// A caller of the engine.
#[derive(Debug)]
pub struct Caller<S>(pub Ims<S>);

impl<S: Store> Seller for Caller<S> {
    async fn sell(&mut self, order: &PlainOrder) {
        let (ctx, command) = order.command();
        self.0.execute(ctx, command).await.expect("an order that is sold");
    }
}

/// What was sold in a measurement.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sold {
    /// How many orders.
    pub orders: usize,
    /// How many units they were for.
    pub units: i64,
    /// How long it took until the last one was answered.
    pub took: Duration,
}

/// Lets sellers sell at once for some time, each waiting for its order's answer before it takes the next.
pub async fn sell_for<S: Seller>(sellers: Vec<S>, orders: Orders, time: Duration) -> Sold {
    let orders = Arc::new(Mutex::new(orders));
    let begin = Instant::now();
    let tasks: Vec<_> =
        sellers.into_iter().map(|seller| tokio::spawn(work(seller, orders.clone(), begin + time))).collect();
    let mut sold = Sold::default();
    for task in tasks {
        let part = task.await.expect("a seller that does not panic");
        sold.orders += part.orders;
        sold.units += part.units;
    }
    sold.took = begin.elapsed();
    sold
}

async fn work<S: Seller>(mut seller: S, orders: Arc<Mutex<Orders>>, until: Instant) -> Sold {
    let mut sold = Sold::default();
    while Instant::now() < until {
        let order = orders.lock().expect("no seller panics here").next().expect("orders without end");
        seller.sell(&order).await;
        sold.orders += 1;
        sold.units += order.units();
    }
    sold
}
