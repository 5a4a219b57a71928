"""When to stop: rules that go by what successive models say of the pool, and never by what is true."""
