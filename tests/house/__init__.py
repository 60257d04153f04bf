"""The whole house: real processes, as `niangjia up` starts them, and a real browser."""
