package collect

// batchSize is how many objects go from one goroutine to the other at once. Up to
// four batches are held; more objects take more memory and no less time.
const batchSize = 4

// beside lets each work on another goroutine than the one that decodes a list:
// reading JSON and evaluating a profile take about the same time. Objects are
// handed to put in their order; done waits until each has had the last of them.
func beside(each func(map[string]any)) (put func(map[string]any), done func()) {
	batches, ended := make(chan []map[string]any, 2), make(chan struct{})
	go func() {
		defer close(ended)
		for batch := range batches {
			for _, item := range batch {
				each(item)
			}
		}
	}()
	batch := make([]map[string]any, 0, batchSize)
	put = func(item map[string]any) {
		if batch = append(batch, item); len(batch) == batchSize {
			batches <- batch
			batch = make([]map[string]any, 0, batchSize)
		}
	}
	done = func() {
		batches <- batch
		close(batches)
		<-ended
	}
	return put, done
}
