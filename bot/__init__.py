"""niangjia: the WeChat front door of a Women's Federation hotline."""
