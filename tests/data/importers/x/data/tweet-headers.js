window.YTD.tweet_headers.part0 = [
  {
    "tweet": {
      "tweet_id": "105",
      "user_id": "9001",
      "created_at": "Thu May 02 09:15:00 +0000 2024"
    }
  }
]