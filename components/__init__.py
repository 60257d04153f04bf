"""What niangjia adds to Rasa: the `frontdoor` channel, a sealed tracker store and NLU components."""
